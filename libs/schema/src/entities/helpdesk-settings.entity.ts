import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { ProjectEntity } from './project.entity';

/** How a live project's helpdesk behaves, on both sides. Owner: settings; made with the project. */
@Entity('helpdesk_settings')
@ForeignKey(() => ProjectEntity, ['projectId'], ['id'], { name: 'fk_helpdesk_settings_project' })
@Check('ck_helpdesk_settings_reopen', "reopen_policy IN ('same', 'new', 'same_within_hours')")
@Check('ck_helpdesk_settings_hours', 'reopen_within_hours BETWEEN 1 AND 720')
export class HelpdeskSettingsEntity {
  @PrimaryColumn('uuid', { name: 'project_id', primaryKeyConstraintName: 'pk_helpdesk_settings' })
  readonly projectId!: string;

  @Column('boolean', { name: 'helpdesk_enabled', default: true })
  readonly helpdeskEnabled!: boolean;

  @Column('text', { name: 'reopen_policy', default: 'same_within_hours' })
  readonly reopenPolicy!: string;

  @Column('integer', { name: 'reopen_within_hours', default: 72 })
  readonly reopenWithinHours!: number;

  @Column('timestamptz', { name: 'updated_at' })
  readonly updatedAt!: Date;
}
