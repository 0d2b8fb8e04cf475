import type { Multilingual } from '#contracts';
import type { BusinessHours, HelpdeskSettings, ReopenPolicy, UnansweredHours } from '#settings';

/** A project's settings as the API shows and takes them. */
export interface SettingsPayload {
  readonly helpdesk_enabled: boolean;
  readonly helpdesk_welcome_message: Multilingual | null;
  readonly helpdesk_close_message: Multilingual | null;
  readonly sla_first_reply_hours: number | null;
  readonly sla_resolve_hours: number | null;
  readonly helpdesk_ticket_types_enabled: boolean;
  readonly helpdesk_allow_create: boolean;
  readonly helpdesk_allow_view: boolean;
  readonly csat_enabled: boolean;
  readonly csat_message_template: string | null;
  readonly csat_expire_days: number;
  readonly helpdesk_unanswered_hours: UnansweredHours | null;
  readonly reopen_policy: ReopenPolicy;
  readonly reopen_within_hours: number;
  readonly timezone: string;
  readonly business_hours: BusinessHours | null;
}

/** All settings; what is answered can be given back as it is. */
export function presentSettings(settings: HelpdeskSettings): SettingsPayload {
  return {
    helpdesk_enabled: settings.helpdeskEnabled,
    helpdesk_welcome_message: settings.helpdeskWelcomeMessage,
    helpdesk_close_message: settings.helpdeskCloseMessage,
    sla_first_reply_hours: settings.slaFirstReplyHours,
    sla_resolve_hours: settings.slaResolveHours,
    helpdesk_ticket_types_enabled: settings.helpdeskTicketTypesEnabled,
    helpdesk_allow_create: settings.helpdeskAllowCreate,
    helpdesk_allow_view: settings.helpdeskAllowView,
    csat_enabled: settings.csatEnabled,
    csat_message_template: settings.csatMessageTemplate,
    csat_expire_days: settings.csatExpireDays,
    helpdesk_unanswered_hours: settings.helpdeskUnansweredHours,
    reopen_policy: settings.reopenPolicy,
    reopen_within_hours: settings.reopenWithinHours,
    timezone: settings.timezone,
    business_hours: settings.businessHours,
  };
}
