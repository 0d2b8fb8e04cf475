import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

/** A project's live side (with a slug) or its test shadow (with a live project). Owner: projects. */
@Entity('project')
@ForeignKey(() => ProjectEntity, ['liveProjectId'], ['id'], { name: 'fk_project_live' })
@Index('uq_project_slug', ['slug'], { unique: true, where: 'slug IS NOT NULL' })
@Index('uq_project_live', ['liveProjectId'], { unique: true, where: 'live_project_id IS NOT NULL' })
@Check('ck_project_side', '(live_project_id IS NULL) = (slug IS NOT NULL)')
@Check('ck_project_clock', 'clock_offset_ms >= 0 AND (clock_offset_ms = 0 OR live_project_id IS NOT NULL)')
@Check('ck_project_clock_bound', 'clock_offset_ms <= 315360000000')
@Check('ck_project_quota', 'monthly_reply_quota >= 0')
@Check('ck_project_rate', 'rate_limit_per_minute >= 0')
export class ProjectEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_project' })
  readonly id!: string;

  @Column('uuid', { name: 'live_project_id', nullable: true })
  readonly liveProjectId!: string | null;

  @Column('text', { nullable: true })
  readonly slug!: string | null;

  @Column('text')
  readonly name!: string;

  @Column('bigint', { name: 'clock_offset_ms', default: 0 })
  readonly clockOffsetMs!: number;

  @Column('integer', { name: 'monthly_reply_quota', nullable: true })
  readonly monthlyReplyQuota!: number | null;

  @Column('integer', { name: 'rate_limit_per_minute', nullable: true })
  readonly rateLimitPerMinute!: number | null;

  @Column('timestamptz', { name: 'created_at' })
  readonly createdAt!: Date;
}
