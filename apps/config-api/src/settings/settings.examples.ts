import type { RequestExample } from '#platform';
import { BUSINESS_HOURS_EXAMPLE } from './business-hours.schema';
import { SETTINGS } from './settings.fields';

/** Bodies for PUT /v1/helpdesk/settings that the API document shows. */
export const SETTINGS_EXAMPLES: Readonly<Record<string, RequestExample>> = {
  module: {
    summary: 'Switch on, greet, and say goodbye',
    value: {
      helpdesk_enabled: true,
      helpdesk_welcome_message: SETTINGS.helpdesk_welcome_message.example,
      helpdesk_close_message: SETTINGS.helpdesk_close_message.example,
    },
  },
  sla: {
    summary: 'Set thresholds, counted in business hours',
    value: {
      sla_first_reply_hours: 4,
      sla_resolve_hours: 48,
      helpdesk_unanswered_hours: 24,
      timezone: 'Europe/Moscow',
      business_hours: BUSINESS_HOURS_EXAMPLE,
    },
  },
  csat: { summary: 'Ask for a rating within three days', value: { csat_enabled: true, csat_expire_days: 3 } },
  off: {
    summary: 'Clear thresholds and business hours',
    value: { sla_first_reply_hours: null, sla_resolve_hours: null, business_hours: null },
  },
};
