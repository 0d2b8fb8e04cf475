import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

const PENDING = "status = 'pending'";

/** An event that a consumer has yet to handle, or could not. Consumers work across projects. Owner: messaging. */
@Entity('event_delivery')
@Index('ix_event_delivery_due', ['consumer', 'nextAt', 'outboxId'], { where: PENDING })
@Index('ix_event_delivery_aggregate', ['consumer', 'projectId', 'aggregateId', 'outboxId'], { where: PENDING })
@Index('ix_event_delivery_dead', ['consumer', 'outboxId'], { where: "status = 'dead'" })
@Check('ck_event_delivery_status', "status IN ('pending', 'dead')")
export class EventDeliveryEntity {
  @PrimaryColumn('bigint', { name: 'outbox_id', primaryKeyConstraintName: 'pk_event_delivery' })
  readonly outboxId!: number;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'pk_event_delivery' })
  readonly consumer!: string;

  @Column('uuid', { name: 'event_id' })
  readonly eventId!: string;

  @Column('uuid', { name: 'project_id' })
  readonly projectId!: string;

  @Column('uuid', { name: 'aggregate_id' })
  readonly aggregateId!: string;

  @Column('text', { default: 'pending' })
  readonly status!: string;

  @Column('integer', { default: 0 })
  readonly attempts!: number;

  @Column('timestamptz', { name: 'next_at' })
  readonly nextAt!: Date;

  @Column('text', { name: 'last_error', nullable: true })
  readonly lastError!: string | null;

  @Column('timestamptz', { name: 'created_at' })
  readonly createdAt!: Date;
}
