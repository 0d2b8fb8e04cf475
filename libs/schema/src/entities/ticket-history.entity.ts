import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { TicketEntity } from './ticket.entity';

/** One change of a ticket, by whom and when. The application can add rows, and nothing else. Owner: tickets. */
@Entity('ticket_history')
@ForeignKey(() => TicketEntity, ['projectId', 'ticketId'], ['projectId', 'id'], { name: 'fk_ticket_history_ticket' })
@Index('ix_ticket_history_ticket', ['projectId', 'ticketId', 'seq'])
export class TicketHistoryEntity {
  @PrimaryColumn('uuid', { name: 'project_id', primaryKeyConstraintName: 'pk_ticket_history' })
  readonly projectId!: string;

  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_ticket_history' })
  readonly id!: string;

  @Column('uuid', { name: 'ticket_id' })
  readonly ticketId!: string;

  @Column({ type: 'bigint', generated: 'identity', generatedIdentity: 'ALWAYS' })
  readonly seq!: number;

  @Column('timestamptz')
  readonly at!: Date;

  @Column('text', { name: 'actor_type' })
  readonly actorType!: string;

  @Column('text', { name: 'actor_id', nullable: true })
  readonly actorId!: string | null;

  @Column('text', { name: 'actor_name', nullable: true })
  readonly actorName!: string | null;

  @Column('text')
  readonly action!: string;

  @Column('text', { nullable: true })
  readonly field!: string | null;

  @Column('jsonb', { nullable: true })
  readonly from!: unknown;

  @Column('jsonb', { nullable: true })
  readonly to!: unknown;

  @Column('text', { name: 'request_id', nullable: true })
  readonly requestId!: string | null;
}
