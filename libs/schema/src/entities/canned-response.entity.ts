import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { ProjectEntity } from './project.entity';

/** A prepared answer. Owner: settings. */
@Entity('canned_response')
@ForeignKey(() => ProjectEntity, ['projectId'], ['id'], { name: 'fk_canned_response_project' })
@Index('uq_canned_response_shortcut', ['projectId', 'shortcut'], { unique: true, where: 'deleted_at IS NULL' })
export class CannedResponseEntity {
  @PrimaryColumn('uuid', { name: 'project_id', primaryKeyConstraintName: 'pk_canned_response' })
  readonly projectId!: string;

  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_canned_response' })
  readonly id!: string;

  @Column('text')
  readonly title!: string;

  @Column('text')
  readonly text!: string;

  @Column('text', { nullable: true })
  readonly shortcut!: string | null;

  @Column('integer', { name: 'used_count', default: 0 })
  readonly usedCount!: number;

  @Column('timestamptz', { name: 'created_at' })
  readonly createdAt!: Date;

  @Column('timestamptz', { name: 'updated_at' })
  readonly updatedAt!: Date;

  @Column('timestamptz', { name: 'deleted_at', nullable: true })
  readonly deletedAt!: Date | null;
}
