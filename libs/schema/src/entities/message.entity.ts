import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { TicketEntity } from './ticket.entity';

/** What somebody wrote on a ticket: a public message or an internal note. Owner: tickets. */
@Entity('message')
@ForeignKey(() => TicketEntity, ['projectId', 'ticketId'], ['projectId', 'id'], { name: 'fk_message_ticket' })
@Index('uq_message_seq', ['projectId', 'ticketId', 'seq'], { unique: true })
@Check('ck_message_author', "author_type IN ('customer', 'agent', 'system', 'ai')")
@Check('ck_message_delivery', "delivery_status IN ('none', 'queued', 'sent', 'failed', 'simulated')")
@Check('ck_message_note', "NOT internal OR delivery_status = 'none'")
export class MessageEntity {
  @PrimaryColumn('uuid', { name: 'project_id', primaryKeyConstraintName: 'pk_message' })
  readonly projectId!: string;

  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_message' })
  readonly id!: string;

  @Column('uuid', { name: 'ticket_id' })
  readonly ticketId!: string;

  @Column('integer')
  readonly seq!: number;

  @Column('text', { name: 'author_type' })
  readonly authorType!: string;

  @Column('uuid', { name: 'author_id', nullable: true })
  readonly authorId!: string | null;

  @Column('text', { name: 'author_name', nullable: true })
  readonly authorName!: string | null;

  @Column('text')
  readonly text!: string;

  @Column('boolean')
  readonly internal!: boolean;

  @Column('jsonb', { default: [] })
  readonly attachments!: unknown;

  @Column('text', { name: 'delivery_status' })
  readonly deliveryStatus!: string;

  @Column('text', { name: 'delivery_error', nullable: true })
  readonly deliveryError!: string | null;

  @Column('integer', { name: 'delivery_attempts', default: 0 })
  readonly deliveryAttempts!: number;

  @Column('timestamptz', { name: 'delivery_sent_at', nullable: true })
  readonly deliverySentAt!: Date | null;

  @Column('timestamptz', { name: 'created_at' })
  readonly createdAt!: Date;

  @Column('timestamptz', { name: 'edited_at', nullable: true })
  readonly editedAt!: Date | null;
}
