import type { HelpdeskSettings } from './helpdesk-settings';

/** The column of each setting. */
export const SETTINGS_COLUMNS: Readonly<Record<keyof HelpdeskSettings, string>> = {
  helpdeskEnabled: 'helpdesk_enabled',
  helpdeskWelcomeMessage: 'helpdesk_welcome_message',
  helpdeskCloseMessage: 'helpdesk_close_message',
  slaFirstReplyHours: 'sla_first_reply_hours',
  slaResolveHours: 'sla_resolve_hours',
  helpdeskTicketTypesEnabled: 'helpdesk_ticket_types_enabled',
  helpdeskAllowCreate: 'helpdesk_allow_create',
  helpdeskAllowView: 'helpdesk_allow_view',
  csatEnabled: 'csat_enabled',
  csatMessageTemplate: 'csat_message_template',
  csatExpireDays: 'csat_expire_days',
  helpdeskUnansweredHours: 'helpdesk_unanswered_hours',
  reopenPolicy: 'reopen_policy',
  reopenWithinHours: 'reopen_within_hours',
  timezone: 'timezone',
  businessHours: 'business_hours',
  slaChangedAt: 'sla_changed_at',
  updatedAt: 'updated_at',
};

/** A select list that names the columns as the view does. */
export function selectSettings(names: ReadonlyArray<keyof HelpdeskSettings>): string {
  return names.map((name) => `${SETTINGS_COLUMNS[name]} AS "${name}"`).join(', ');
}

const { slaChangedAt: _slaChangedAt, updatedAt: _updatedAt, ...names } = SETTINGS_COLUMNS;

/** The name in the API of each setting that can be set: that of its column. */
export const SETTING_NAMES: Readonly<Record<Exclude<keyof HelpdeskSettings, 'slaChangedAt' | 'updatedAt'>, string>> =
  names;
