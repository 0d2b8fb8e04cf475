import type { Multilingual } from '#contracts';
import type { BusinessHours } from '../domain/business-hours';

/** What a customer's message does to a closed ticket: reopen it, open a new one, or reopen it within some hours. */
export const REOPEN_POLICIES = ['same', 'new', 'same_within_hours'] as const;
export type ReopenPolicy = (typeof REOPEN_POLICIES)[number];

/** Hours without an answer after which a project can be told. */
export const UNANSWERED_HOURS = [12, 24, 48] as const;
export type UnansweredHours = (typeof UNANSWERED_HOURS)[number];

/** All settings of a project's helpdesk. */
export interface HelpdeskSettings {
  readonly helpdeskEnabled: boolean;
  /** Null: the bot's own text. */
  readonly helpdeskWelcomeMessage: Multilingual | null;
  /** Null: the bot's own text. */
  readonly helpdeskCloseMessage: Multilingual | null;
  /** Business hours until the first answer; null: no threshold. */
  readonly slaFirstReplyHours: number | null;
  /** Business hours until the close; null: no threshold. */
  readonly slaResolveHours: number | null;
  readonly helpdeskTicketTypesEnabled: boolean;
  /** Whether customers may open tickets in the bot and by a request; a key always may. */
  readonly helpdeskAllowCreate: boolean;
  readonly helpdeskAllowView: boolean;
  readonly csatEnabled: boolean;
  /** Null: a default in the customer's language. */
  readonly csatMessageTemplate: string | null;
  /** Days during which a closed ticket can be rated. */
  readonly csatExpireDays: number;
  /** Null: nobody is told. */
  readonly helpdeskUnansweredHours: UnansweredHours | null;
  readonly reopenPolicy: ReopenPolicy;
  /** Hours after the close during which `same_within_hours` reopens. */
  readonly reopenWithinHours: number;
  /** IANA name of the zone of the business hours. */
  readonly timezone: string;
  /** Null: always open. */
  readonly businessHours: BusinessHours | null;
  /**
   * Real time of the latest change of what SLA clocks depend on: the two thresholds, the timezone and the business hours. It rises
   * with each such change, so it also tells one state of them from another. Null: as the project was made.
   */
  readonly slaChangedAt: Date | null;
  readonly updatedAt: Date;
}

/** What the clocks of tickets and the alerts about them follow from. */
export type SlaSettings = Pick<
  HelpdeskSettings,
  'slaFirstReplyHours' | 'slaResolveHours' | 'timezone' | 'businessHours' | 'slaChangedAt' | 'helpdeskUnansweredHours'
>;

/** Whether a customer is asked for a rating when a ticket is closed, and how long it can be given. */
export type CsatSettings = Pick<HelpdeskSettings, 'csatEnabled' | 'csatExpireDays'>;

/** The settings that each change of a ticket needs. Without a threshold the business hours are not read, but null. */
export type TicketSettings = SlaSettings &
  CsatSettings &
  Pick<HelpdeskSettings, 'helpdeskEnabled' | 'reopenPolicy' | 'reopenWithinHours'>;
