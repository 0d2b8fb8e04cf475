import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A customer whom a side knows: a messenger's chat, or a virtual customer with an id of the integrator's. Owner: subscribers. */
@Entity('subscriber')
@Index('uq_subscriber_chat', ['projectId', 'channel', 'chatId'], { unique: true, where: 'chat_id IS NOT NULL' })
@Index('uq_subscriber_external', ['projectId', 'externalId'], { unique: true, where: 'external_id IS NOT NULL' })
@Index('ix_subscriber_created', ['projectId', 'createdAt', 'id'])
@Check('ck_subscriber_channel', "channel IN ('telegram', 'max', 'virtual')")
@Check(
  'ck_subscriber_address',
  "(channel = 'virtual') = (external_id IS NOT NULL) AND (channel <> 'virtual') = (chat_id IS NOT NULL)",
)
export class SubscriberEntity {
  @PrimaryColumn('uuid', { name: 'project_id', primaryKeyConstraintName: 'pk_subscriber' })
  readonly projectId!: string;

  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_subscriber' })
  readonly id!: string;

  @Column('text')
  readonly channel!: string;

  @Column('bigint', { name: 'chat_id', nullable: true })
  readonly chatId!: number | null;

  @Column('text', { name: 'external_id', nullable: true })
  readonly externalId!: string | null;

  @Column('text', { name: 'first_name', nullable: true })
  readonly firstName!: string | null;

  @Column('text', { nullable: true })
  readonly username!: string | null;

  @Column('text', { nullable: true })
  readonly lang!: string | null;

  @Column('boolean', { default: true })
  readonly reachable!: boolean;

  @Column('text', { array: true, default: '{}' })
  readonly tags!: string[];

  @Column('integer', { name: 'event_seq', default: 0 })
  readonly eventSeq!: number;

  @Column('timestamptz', { name: 'created_at' })
  readonly createdAt!: Date;

  @Column('timestamptz', { name: 'subscribed_at', nullable: true })
  readonly subscribedAt!: Date | null;
}
