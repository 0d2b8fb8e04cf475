import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/**
 * An event, written in the transaction of its change; with a position it is part of its project's log. The relay works
 * across projects in the order of ids, so its key and indexes begin with them. Owner: messaging.
 */
@Entity('outbox')
@Index('uq_outbox_event', ['eventId'], { unique: true })
@Index('uq_outbox_aggregate_seq', ['projectId', 'aggregateId', 'aggregateSeq'], { unique: true })
@Index('uq_outbox_position', ['projectId', 'position'], { unique: true, where: 'position IS NOT NULL' })
@Index('ix_outbox_unsequenced', ['id'], { where: 'position IS NULL' })
@Index('ix_outbox_unpublished', ['id'], { where: 'position IS NOT NULL AND published_at IS NULL' })
@Index('ix_outbox_refused', ['projectId', 'aggregateId', 'id'], { where: 'attempts > 0 AND published_at IS NULL' })
export class OutboxEntity {
  @PrimaryColumn('bigint', {
    generated: 'identity',
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: 'pk_outbox',
  })
  readonly id!: number;

  @Column('uuid', { name: 'event_id' })
  readonly eventId!: string;

  @Column('uuid', { name: 'project_id' })
  readonly projectId!: string;

  @Column('text')
  readonly type!: string;

  @Column('uuid', { name: 'aggregate_id' })
  readonly aggregateId!: string;

  @Column('integer', { name: 'aggregate_seq' })
  readonly aggregateSeq!: number;

  /** The CloudEvents JSON exactly as it goes out. */
  @Column('text')
  readonly body!: string;

  @Column('text', { name: 'request_id', nullable: true })
  readonly requestId!: string | null;

  @Column('text', { nullable: true })
  readonly traceparent!: string | null;

  @Column('timestamptz', { name: 'created_at' })
  readonly createdAt!: Date;

  @Column('bigint', { nullable: true })
  readonly position!: number | null;

  @Column('timestamptz', { name: 'published_at', nullable: true })
  readonly publishedAt!: Date | null;

  @Column('integer', { default: 0 })
  readonly attempts!: number;

  /** When a transport that refused the event is asked again. */
  @Column('timestamptz', { name: 'next_at', nullable: true })
  readonly nextAt!: Date | null;

  @Column('text', { name: 'last_error', nullable: true })
  readonly lastError!: string | null;
}
