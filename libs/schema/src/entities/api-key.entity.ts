import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { ProjectEntity } from './project.entity';

/** An API key of a live project, for either of its sides. Owner: projects. */
@Entity('api_key')
@ForeignKey(() => ProjectEntity, ['projectId'], ['id'], { name: 'fk_api_key_project' })
@Index('uq_api_key_hash', ['hash'], { unique: true })
export class ApiKeyEntity {
  @PrimaryColumn('uuid', { name: 'project_id', primaryKeyConstraintName: 'pk_api_key' })
  readonly projectId!: string;

  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_api_key' })
  readonly id!: string;

  @Column('boolean', { name: 'is_test' })
  readonly isTest!: boolean;

  /** HMAC-SHA256 of the key; the key itself is nowhere. */
  @Column('bytea')
  readonly hash!: Buffer;

  @Column('text')
  readonly prefix!: string;

  @Column('text', { array: true })
  readonly scopes!: string[];

  @Column('timestamptz', { name: 'created_at' })
  readonly createdAt!: Date;

  @Column('timestamptz', { name: 'expires_at', nullable: true })
  readonly expiresAt!: Date | null;

  @Column('timestamptz', { name: 'last_used_at', nullable: true })
  readonly lastUsedAt!: Date | null;

  @Column('timestamptz', { name: 'revoked_at', nullable: true })
  readonly revokedAt!: Date | null;
}
