import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { ProjectEntity } from './project.entity';

/** A kind of tickets. Owner: settings. */
@Entity('ticket_type')
@ForeignKey(() => ProjectEntity, ['projectId'], ['id'], { name: 'fk_ticket_type_project' })
export class TicketTypeEntity {
  @PrimaryColumn('uuid', { name: 'project_id', primaryKeyConstraintName: 'pk_ticket_type' })
  readonly projectId!: string;

  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_ticket_type' })
  readonly id!: string;

  @Column('text')
  readonly name!: string;

  @Column('text', { nullable: true })
  readonly description!: string | null;

  @Column('integer', { name: 'sort_order', default: 0 })
  readonly sortOrder!: number;

  @Column('boolean', { default: true })
  readonly enabled!: boolean;

  @Column('timestamptz', { name: 'created_at' })
  readonly createdAt!: Date;

  @Column('timestamptz', { name: 'updated_at' })
  readonly updatedAt!: Date;

  @Column('timestamptz', { name: 'deleted_at', nullable: true })
  readonly deletedAt!: Date | null;
}
