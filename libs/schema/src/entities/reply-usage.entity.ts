import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The billed replies of a side in a month. Owner: tickets. */
@Entity('reply_usage')
export class ReplyUsageEntity {
  @PrimaryColumn('uuid', { name: 'project_id', primaryKeyConstraintName: 'pk_reply_usage' })
  readonly projectId!: string;

  /** The month's first day, UTC. */
  @PrimaryColumn('date', { primaryKeyConstraintName: 'pk_reply_usage' })
  readonly month!: string;

  @Column('integer')
  readonly replies!: number;
}
