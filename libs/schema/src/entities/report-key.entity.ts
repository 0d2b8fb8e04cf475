import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What the facts of a day can be grouped by, under a short code; it is never changed and never taken away. Owner: sla. */
@Entity('report_key')
export class ReportKeyEntity {
  @PrimaryColumn('uuid', { name: 'project_id', primaryKeyConstraintName: 'pk_report_key' })
  readonly projectId!: string;

  /** Counts from 0. */
  @PrimaryColumn('integer', { primaryKeyConstraintName: 'pk_report_key' })
  readonly code!: number;

  @Column('text')
  readonly channel!: string;

  @Column('uuid', { name: 'ticket_type_id', nullable: true })
  readonly ticketTypeId!: string | null;

  @Column('uuid', { name: 'assigned_to', nullable: true })
  readonly assignedTo!: string | null;
}
