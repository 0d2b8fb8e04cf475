import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { ProjectEntity } from './project.entity';

/** A person who works on a project's tickets. Those who left stay, for the history names them. Owner: projects. */
@Entity('member')
@ForeignKey(() => ProjectEntity, ['projectId'], ['id'], { name: 'fk_member_project' })
@Index('uq_member_email', { synchronize: false })
@Check('ck_member_role', "role IN ('owner', 'admin', 'support', 'viewer')")
export class MemberEntity {
  @PrimaryColumn('uuid', { name: 'project_id', primaryKeyConstraintName: 'pk_member' })
  readonly projectId!: string;

  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_member' })
  readonly id!: string;

  @Column('text')
  readonly email!: string;

  @Column('text')
  readonly name!: string;

  @Column('text')
  readonly role!: string;

  @Column('timestamptz', { name: 'created_at' })
  readonly createdAt!: Date;

  @Column('timestamptz', { name: 'removed_at', nullable: true })
  readonly removedAt!: Date | null;
}
