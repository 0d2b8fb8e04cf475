import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Where a project's event log ends, and through which position retention has emptied it. Owner: messaging. */
@Entity('event_log_head')
export class EventLogHeadEntity {
  @PrimaryColumn('uuid', { name: 'project_id', primaryKeyConstraintName: 'pk_event_log_head' })
  readonly projectId!: string;

  @Column('bigint', { name: 'last_position', default: 0 })
  readonly lastPosition!: number;

  @Column('bigint', { name: 'pruned_through', default: 0 })
  readonly prunedThrough!: number;
}
