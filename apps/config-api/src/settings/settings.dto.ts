import type { Multilingual as MultilingualText } from '#contracts';
import { DescribeSchema, Flag, Multilingual, OneNumberOf, OneOf, Structured, Text, WholeNumber } from '#platform';
import {
  checkBusinessHours,
  checkTimezone,
  MAX_TIMEZONE_LENGTH,
  readBusinessHours,
  REOPEN_POLICIES,
  UNANSWERED_HOURS,
} from '#settings';
import type { BusinessHours, ReopenPolicy, SettingsChanges, UnansweredHours } from '#settings';
import { businessHoursSchema } from './business-hours.schema';
import { CSAT_DAYS, MAX_CSAT_TEXT, MAX_MESSAGE, REOPEN_HOURS, SETTINGS, SLA_HOURS } from './settings.fields';
import type { SettingsPayload } from './settings.presenter';

/** The document's words for a text of one line; which ones are zones it cannot say. */
const TIMEZONE = { type: String, pattern: '^[^\\u0000-\\u001f\\u007f-\\u009f]*$', maxLength: MAX_TIMEZONE_LENGTH };

@DescribeSchema({ description: 'The settings to change; what is left out stays as it is.' })
export class UpdateSettingsDto implements Partial<SettingsPayload> {
  @Flag(SETTINGS.helpdesk_enabled)
  readonly helpdesk_enabled?: boolean;

  @Multilingual({ ...SETTINGS.helpdesk_welcome_message, max: MAX_MESSAGE })
  readonly helpdesk_welcome_message?: MultilingualText | null;

  @Multilingual({ ...SETTINGS.helpdesk_close_message, max: MAX_MESSAGE })
  readonly helpdesk_close_message?: MultilingualText | null;

  @WholeNumber({ ...SETTINGS.sla_first_reply_hours, ...SLA_HOURS })
  readonly sla_first_reply_hours?: number | null;

  @WholeNumber({ ...SETTINGS.sla_resolve_hours, ...SLA_HOURS })
  readonly sla_resolve_hours?: number | null;

  @Flag(SETTINGS.helpdesk_ticket_types_enabled)
  readonly helpdesk_ticket_types_enabled?: boolean;

  @Flag(SETTINGS.helpdesk_allow_create)
  readonly helpdesk_allow_create?: boolean;

  @Flag(SETTINGS.helpdesk_allow_view)
  readonly helpdesk_allow_view?: boolean;

  @Flag(SETTINGS.csat_enabled)
  readonly csat_enabled?: boolean;

  @Text({ ...SETTINGS.csat_message_template, max: MAX_CSAT_TEXT })
  readonly csat_message_template?: string | null;

  @WholeNumber({ ...SETTINGS.csat_expire_days, ...CSAT_DAYS })
  readonly csat_expire_days?: number;

  @OneNumberOf(UNANSWERED_HOURS, SETTINGS.helpdesk_unanswered_hours)
  readonly helpdesk_unanswered_hours?: UnansweredHours | null;

  @OneOf(REOPEN_POLICIES, SETTINGS.reopen_policy)
  readonly reopen_policy?: ReopenPolicy;

  @WholeNumber({ ...SETTINGS.reopen_within_hours, ...REOPEN_HOURS })
  readonly reopen_within_hours?: number;

  @Structured({ check: checkTimezone, schema: TIMEZONE }, SETTINGS.timezone)
  readonly timezone?: string;

  @Structured(
    { check: checkBusinessHours, read: readBusinessHours, schema: businessHoursSchema(['weekly']) },
    SETTINGS.business_hours,
  )
  readonly business_hours?: BusinessHours | null;

  toChanges(): SettingsChanges {
    return {
      helpdeskEnabled: this.helpdesk_enabled,
      helpdeskWelcomeMessage: this.helpdesk_welcome_message,
      helpdeskCloseMessage: this.helpdesk_close_message,
      slaFirstReplyHours: this.sla_first_reply_hours,
      slaResolveHours: this.sla_resolve_hours,
      helpdeskTicketTypesEnabled: this.helpdesk_ticket_types_enabled,
      helpdeskAllowCreate: this.helpdesk_allow_create,
      helpdeskAllowView: this.helpdesk_allow_view,
      csatEnabled: this.csat_enabled,
      csatMessageTemplate: this.csat_message_template,
      csatExpireDays: this.csat_expire_days,
      helpdeskUnansweredHours: this.helpdesk_unanswered_hours,
      reopenPolicy: this.reopen_policy,
      reopenWithinHours: this.reopen_within_hours,
      timezone: this.timezone,
      businessHours: this.business_hours,
    };
  }
}
