import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A caller's Idempotency-Key with the answer that its request got. Owner: platform. */
@Entity('idempotency_key')
@Index('ix_idempotency_key_created', ['createdAt'])
export class IdempotencyKeyEntity {
  @PrimaryColumn('uuid', { name: 'project_id', primaryKeyConstraintName: 'pk_idempotency_key' })
  readonly projectId!: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'pk_idempotency_key' })
  readonly method!: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'pk_idempotency_key' })
  readonly path!: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'pk_idempotency_key' })
  readonly key!: string;

  @Column('bytea')
  readonly fingerprint!: Buffer;

  @Column('integer', { nullable: true })
  readonly status!: number | null;

  @Column('text', { nullable: true })
  readonly body!: string | null;

  @Column('timestamptz', { name: 'created_at' })
  readonly createdAt!: Date;
}
