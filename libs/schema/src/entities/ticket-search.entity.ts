import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { TicketEntity } from './ticket.entity';

/** The words of a ticket's subject and messages, as stems. Owner: tickets. */
@Entity('ticket_search')
@ForeignKey(() => TicketEntity, ['projectId', 'ticketId'], ['projectId', 'id'], { name: 'fk_ticket_search_ticket' })
@Index('ix_ticket_search_document', ['document'], { type: 'gin' })
export class TicketSearchEntity {
  @PrimaryColumn('uuid', { name: 'project_id', primaryKeyConstraintName: 'pk_ticket_search' })
  readonly projectId!: string;

  @PrimaryColumn('uuid', { name: 'ticket_id', primaryKeyConstraintName: 'pk_ticket_search' })
  readonly ticketId!: string;

  @Column('tsvector')
  readonly document!: string;
}
