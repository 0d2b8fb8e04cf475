import type { FieldOptions } from '#platform';
import type { SettingsPayload } from './settings.presenter';
import { BUSINESS_HOURS_EXAMPLE } from './business-hours.schema';

/** Most UTF-16 code units of a multilingual message. */
export const MAX_MESSAGE = 1000;
/** Most UTF-16 code units of the question for a rating. */
export const MAX_CSAT_TEXT = 1024;
/** Bounds of the SLA thresholds, in hours. */
export const SLA_HOURS = { min: 1, max: 8760 };
/** Bounds of the time in which a closed ticket reopens, in hours. */
export const REOPEN_HOURS = { min: 1, max: 720 };
/** Bounds of the time in which a ticket can be rated, in days. */
export const CSAT_DAYS = { min: 1, max: 30 };

/** What the documents say of each setting, where it is given and where it is answered. */
export const SETTINGS: Readonly<
  Record<keyof SettingsPayload, Pick<FieldOptions, 'description' | 'example' | 'nullable'>>
> = {
  helpdesk_enabled: {
    description: 'Whether the helpdesk is on. While it is off, tickets can be read but not changed.',
    example: true,
  },
  helpdesk_welcome_message: {
    nullable: true,
    description: 'What the bot greets with, by language; replaced as a whole. Null: the bot’s own text.',
    example: { ru: 'Здравствуйте! Чем помочь?', en: 'Hello! How can we help?' },
  },
  helpdesk_close_message: {
    nullable: true,
    description:
      'What the customer reads when a ticket is closed, by language; replaced as a whole. Null: the bot’s own text.',
    example: { ru: 'Обращение закрыто.', en: 'Your ticket is closed.' },
  },
  sla_first_reply_hours: {
    nullable: true,
    description: 'Business hours until the first answer; null: no threshold.',
    example: 4,
  },
  sla_resolve_hours: {
    nullable: true,
    description: 'Business hours until the close; null: no threshold.',
    example: 48,
  },
  helpdesk_ticket_types_enabled: {
    description: 'Whether the bot asks for a ticket type, where there are some.',
    example: true,
  },
  helpdesk_allow_create: {
    description:
      'Whether customers may open tickets in the bot and by `POST /v1/helpdesk/request`. `POST /v1/helpdesk/tickets` always may.',
    example: true,
  },
  helpdesk_allow_view: { description: 'Whether customers see their tickets in the bot.', example: true },
  csat_enabled: { description: 'Whether customers are asked for a rating when a ticket is closed.', example: false },
  csat_message_template: {
    nullable: true,
    description: 'The question for the rating. Null: a default in the customer’s language.',
    example: 'How did we do?',
  },
  csat_expire_days: { description: 'Days during which a closed ticket can be rated.', example: 7 },
  helpdesk_unanswered_hours: {
    nullable: true,
    description: 'Hours without an answer after which `ticket.unanswered_24h` fires; null: never.',
    example: 24,
  },
  reopen_policy: {
    description:
      'What a customer’s message does to a closed ticket: `same` reopens it, `new` opens a new one, `same_within_hours` reopens it within `reopen_within_hours` of the close.',
    example: 'same_within_hours',
  },
  reopen_within_hours: { description: 'Hours after the close during which `same_within_hours` reopens.', example: 72 },
  timezone: { description: 'The IANA name of the timezone of the business hours.', example: 'Europe/Moscow' },
  business_hours: {
    nullable: true,
    description:
      'When SLA clocks run, in `timezone`; null: always. Windows must not overlap, across midnight neither; some weekday must have one.',
    example: BUSINESS_HOURS_EXAMPLE,
  },
};
