import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { TicketEntity } from './ticket.entity';

/** How a ticket was routed, with the rules as they were then; a ticket is routed once. Owner: routing. */
@Entity('ticket_routing')
@ForeignKey(() => TicketEntity, ['projectId', 'ticketId'], ['projectId', 'id'], {
  name: 'fk_ticket_routing_ticket',
  onDelete: 'CASCADE',
})
export class TicketRoutingEntity {
  @PrimaryColumn('uuid', { name: 'project_id', primaryKeyConstraintName: 'pk_ticket_routing' })
  readonly projectId!: string;

  @PrimaryColumn('uuid', { name: 'ticket_id', primaryKeyConstraintName: 'pk_ticket_routing' })
  readonly ticketId!: string;

  @Column('timestamptz', { name: 'evaluated_at' })
  readonly evaluatedAt!: Date;

  /** The rule may be gone by now. */
  @Column('uuid', { name: 'winner_rule_id', nullable: true })
  readonly winnerRuleId!: string | null;

  @Column('jsonb')
  readonly rules!: object;

  @Column('jsonb')
  readonly applied!: object;
}
