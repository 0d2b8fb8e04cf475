import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * A consumer that has been started at least once, and the types of events that are kept for it, whether it runs or not. Owner:
 * messaging.
 */
@Entity('event_consumer')
export class EventConsumerEntity {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'pk_event_consumer' })
  readonly consumer!: string;

  @Column('text', { array: true })
  readonly types!: string[];

  @Column('timestamptz', { name: 'created_at' })
  readonly createdAt!: Date;
}
