import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { ProjectEntity } from './project.entity';

/** One change of a project's configuration, by whom and when. The application can add rows, and nothing else. Owner: settings. */
@Entity('config_history')
@ForeignKey(() => ProjectEntity, ['projectId'], ['id'], { name: 'fk_config_history_project' })
@Index('ix_config_history_seq', ['projectId', 'seq'])
@Index('ix_config_history_object', ['projectId', 'objectType', 'objectId', 'seq'])
export class ConfigHistoryEntity {
  @PrimaryColumn('uuid', { name: 'project_id', primaryKeyConstraintName: 'pk_config_history' })
  readonly projectId!: string;

  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_config_history' })
  readonly id!: string;

  @Column({ type: 'bigint', generated: 'identity', generatedIdentity: 'ALWAYS' })
  readonly seq!: number;

  @Column('text', { name: 'object_type' })
  readonly objectType!: string;

  /** The project's own id where there is one object of the type, as with the settings. */
  @Column('uuid', { name: 'object_id' })
  readonly objectId!: string;

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
