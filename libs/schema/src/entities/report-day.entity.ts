import { Column, Entity, PrimaryColumn } from 'typeorm';

/** All facts of one kind of a day in UTC, in columns of four bytes for each fact, as `int4send` writes them. Owner: sla. */
@Entity('report_day')
export class ReportDayEntity {
  @PrimaryColumn('uuid', { name: 'project_id', primaryKeyConstraintName: 'pk_report_day' })
  readonly projectId!: string;

  @PrimaryColumn('date', { primaryKeyConstraintName: 'pk_report_day' })
  readonly day!: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'pk_report_day' })
  readonly kind!: string;

  /** How many there are. */
  @Column('integer')
  readonly facts!: number;

  /** Milliseconds since midnight. */
  @Column('bytea')
  readonly times!: Buffer;

  /** The codes of `report_key`. */
  @Column('bytea')
  readonly keys!: Buffer;

  /** Seconds or ratings; empty for a kind that is only counted. */
  @Column('bytea')
  readonly amounts!: Buffer;
}
