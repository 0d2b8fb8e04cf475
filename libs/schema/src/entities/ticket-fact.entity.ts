import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What a change of a ticket changes in reports, until a roll-up has taken it in. Owner: tickets. */
@Entity('ticket_fact')
export class TicketFactEntity {
  @PrimaryColumn('uuid', { name: 'project_id', primaryKeyConstraintName: 'pk_ticket_fact' })
  readonly projectId!: string;

  @PrimaryColumn('bigint', {
    generated: 'identity',
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: 'pk_ticket_fact',
  })
  readonly id!: number;

  @Column('text')
  readonly channel!: string;

  @Column('uuid', { name: 'ticket_type_id', nullable: true })
  readonly ticketTypeId!: string | null;

  @Column('uuid', { name: 'assigned_to', nullable: true })
  readonly assignedTo!: string | null;

  /** `[kind, milliseconds since 1970, amount or null, 1 or -1]` each. */
  @Column('jsonb')
  readonly facts!: object;
}
