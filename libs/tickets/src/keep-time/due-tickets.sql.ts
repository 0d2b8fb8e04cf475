/** What time makes due on tickets, in the order in which a scan does it: clocks first go by the settings of now. */
export const TIME_DUTIES = ['sla_settings', 'sla_marks', 'unanswered', 'csat_expiry'] as const;
export type TimeDuty = (typeof TIME_DUTIES)[number];

/** SQL for what a condition compares with. */
export interface Measures {
  /** Now, on the clock of the ticket's project. */
  readonly now: string;
  /** A column of the settings that apply. */
  readonly setting: (column: string) => string;
}

/** Which rows of `ticket t` something is due on, and which of them first. */
interface DueTickets {
  readonly isDue: (measures: Measures) => string;
  readonly first: string;
}

/** Each has a partial index that holds little else than what is due, in this order. */
export const DUE_TICKETS: Readonly<Record<TimeDuty, DueTickets>> = {
  sla_settings: {
    // Times of the product have milliseconds; whoever writes settings by hand may have been more exact.
    isDue: ({ setting }) =>
      `t.status <> 'closed' AND t.sla_settings_at < date_trunc('milliseconds', ${setting('sla_changed_at')})`,
    first: 't.sla_settings_at',
  },
  sla_marks: {
    isDue: ({ now }) => `t.sla_next_at < ${now}`,
    first: 't.sla_next_at',
  },
  unanswered: {
    isDue: ({ now, setting }) => `t.status IN ('new', 'in_progress') AND t.last_message_from = 'customer'
      AND t.waiting_since IS NOT NULL AND t.unanswered_told_for IS DISTINCT FROM t.waiting_since
      AND t.last_message_at < ${now} - make_interval(hours => ${setting('helpdesk_unanswered_hours')})`,
    first: 't.last_message_at',
  },
  csat_expiry: {
    isDue: ({ now }) => `t.csat_status = 'requested' AND t.csat_expires_at < ${now}`,
    first: 't.csat_expires_at',
  },
};
