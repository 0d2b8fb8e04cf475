import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { ProjectEntity } from './project.entity';

/** How a live project's helpdesk behaves, on both sides. Owner: settings; made with the project. */
@Entity('helpdesk_settings')
@ForeignKey(() => ProjectEntity, ['projectId'], ['id'], { name: 'fk_helpdesk_settings_project' })
@Check('ck_helpdesk_settings_reopen', "reopen_policy IN ('same', 'new', 'same_within_hours')")
@Check('ck_helpdesk_settings_hours', 'reopen_within_hours BETWEEN 1 AND 720')
@Check('ck_helpdesk_settings_welcome', "helpdesk_welcome_message - ARRAY['ru', 'en'] = '{}'")
@Check('ck_helpdesk_settings_close', "helpdesk_close_message - ARRAY['ru', 'en'] = '{}'")
@Check('ck_helpdesk_settings_first_reply', 'sla_first_reply_hours BETWEEN 1 AND 8760')
@Check('ck_helpdesk_settings_resolve', 'sla_resolve_hours BETWEEN 1 AND 8760')
@Check('ck_helpdesk_settings_csat_text', 'char_length(csat_message_template) BETWEEN 1 AND 1024')
@Check('ck_helpdesk_settings_csat_days', 'csat_expire_days BETWEEN 1 AND 30')
@Check('ck_helpdesk_settings_unanswered', 'helpdesk_unanswered_hours IN (12, 24, 48)')
@Check('ck_helpdesk_settings_business_hours', "jsonb_typeof(business_hours) = 'object'")
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

  @Column('jsonb', { name: 'helpdesk_welcome_message', nullable: true })
  readonly helpdeskWelcomeMessage!: unknown;

  @Column('jsonb', { name: 'helpdesk_close_message', nullable: true })
  readonly helpdeskCloseMessage!: unknown;

  @Column('integer', { name: 'sla_first_reply_hours', nullable: true })
  readonly slaFirstReplyHours!: number | null;

  @Column('integer', { name: 'sla_resolve_hours', nullable: true })
  readonly slaResolveHours!: number | null;

  @Column('boolean', { name: 'helpdesk_ticket_types_enabled', default: true })
  readonly helpdeskTicketTypesEnabled!: boolean;

  @Column('boolean', { name: 'helpdesk_allow_create', default: true })
  readonly helpdeskAllowCreate!: boolean;

  @Column('boolean', { name: 'helpdesk_allow_view', default: true })
  readonly helpdeskAllowView!: boolean;

  @Column('boolean', { name: 'csat_enabled', default: false })
  readonly csatEnabled!: boolean;

  @Column('text', { name: 'csat_message_template', nullable: true })
  readonly csatMessageTemplate!: string | null;

  @Column('integer', { name: 'csat_expire_days', default: 7 })
  readonly csatExpireDays!: number;

  @Column('integer', { name: 'helpdesk_unanswered_hours', nullable: true })
  readonly helpdeskUnansweredHours!: number | null;

  /** IANA name. */
  @Column('text', { default: 'UTC' })
  readonly timezone!: string;

  @Column('jsonb', { name: 'business_hours', nullable: true })
  readonly businessHours!: unknown;

  /** Real time of the latest change of an SLA threshold, the timezone or the business hours; rises with each. Null: none yet. */
  @Column('timestamptz', { name: 'sla_changed_at', nullable: true })
  readonly slaChangedAt!: Date | null;
}
