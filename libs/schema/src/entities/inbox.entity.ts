import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** An event that a consumer has handled: written in the transaction of the effect. Owner: messaging. */
@Entity('inbox')
@Index('ix_inbox_processed', ['processedAt'])
export class InboxEntity {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'pk_inbox' })
  readonly consumer!: string;

  @PrimaryColumn('uuid', { name: 'event_id', primaryKeyConstraintName: 'pk_inbox' })
  readonly eventId!: string;

  @Column('timestamptz', { name: 'processed_at' })
  readonly processedAt!: Date;
}
