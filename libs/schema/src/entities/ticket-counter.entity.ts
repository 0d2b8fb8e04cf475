import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { ProjectEntity } from './project.entity';

/** The number of a side's latest ticket. Owner: tickets; made with the project. */
@Entity('ticket_counter')
@ForeignKey(() => ProjectEntity, ['projectId'], ['id'], { name: 'fk_ticket_counter_project' })
export class TicketCounterEntity {
  @PrimaryColumn('uuid', { name: 'project_id', primaryKeyConstraintName: 'pk_ticket_counter' })
  readonly projectId!: string;

  @Column('integer', { name: 'last_number', default: 0 })
  readonly lastNumber!: number;
}
