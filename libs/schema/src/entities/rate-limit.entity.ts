import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A side's requests of this minute and of the one before. Owner: platform. */
@Entity('rate_limit')
export class RateLimitEntity {
  @PrimaryColumn('uuid', { name: 'project_id', primaryKeyConstraintName: 'pk_rate_limit' })
  readonly projectId!: string;

  @Column('timestamptz', { name: 'window_started_at' })
  readonly windowStartedAt!: Date;

  @Column('integer', { name: 'previous_count' })
  readonly previousCount!: number;

  @Column('integer', { name: 'current_count' })
  readonly currentCount!: number;

  /** How many requests the latest asker was given; 0 when it was refused. */
  @Column('integer')
  readonly granted!: number;
}
