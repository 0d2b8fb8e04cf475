/** Life of a ticket: opened, being worked on, waiting for the customer, done. */
export const TICKET_STATUSES = ['new', 'in_progress', 'waiting', 'closed'] as const;
export type TicketStatus = (typeof TICKET_STATUSES)[number];

/** From least to most pressing; the order is the sort order. */
export const TICKET_PRIORITIES = ['low', 'normal', 'high', 'urgent'] as const;
export type TicketPriority = (typeof TICKET_PRIORITIES)[number];

/** Where the customer is: a messenger, or the integrator's own site (`virtual`). */
export const CHANNELS = ['telegram', 'max', 'virtual'] as const;
export type Channel = (typeof CHANNELS)[number];

/** Through which door a ticket was opened. */
export const TICKET_SOURCES = ['api', 'bot', 'dashboard', 'mcp'] as const;
export type TicketSource = (typeof TICKET_SOURCES)[number];

/** State of the satisfaction question that follows a close. */
export const CSAT_STATUSES = ['none', 'requested', 'rated', 'expired', 'withdrawn', 'skipped'] as const;
export type CsatStatus = (typeof CSAT_STATUSES)[number];

/** Whether a close asks the customer for a rating: it does, it cannot, or there is nothing to ask. */
export const CSAT_REQUESTS = ['requested', 'skipped', 'none'] as const;
export type CsatRequest = (typeof CSAT_REQUESTS)[number];

/** The service-level clocks of a ticket: until the first answer, and until the close. */
export const SLA_KINDS = ['first_reply', 'resolve'] as const;
export type SlaKind = (typeof SLA_KINDS)[number];

/** State of one service-level clock. */
export const SLA_STATUSES = ['none', 'pending', 'warning', 'breached', 'met', 'cancelled'] as const;
export type SlaStatus = (typeof SLA_STATUSES)[number];

/** Who speaks on the last public message. */
export const MESSAGE_SIDES = ['customer', 'agent'] as const;
export type MessageSide = (typeof MESSAGE_SIDES)[number];

/** One service-level clock of a ticket as the API shows it. */
export interface SlaClockPayload {
  readonly due_at: string | null;
  readonly status: SlaStatus;
}

/** A ticket as REST answers, events and webhooks carry it. Times are ISO-8601 UTC, `*_seconds` whole seconds. */
export interface TicketPayload {
  readonly id: string;
  readonly ticket_number: number;
  readonly subject: string | null;
  readonly status: TicketStatus;
  readonly priority: TicketPriority;
  readonly channel: Channel;
  readonly source: TicketSource;
  readonly ticket_type_id: string | null;
  readonly ticket_type_name: string | null;
  readonly assigned_to: string | null;
  readonly tags: readonly string[];
  readonly subscriber_id: string | null;
  readonly chat_id: number | null;
  readonly first_name: string | null;
  readonly username: string | null;
  readonly first_reply_at: string | null;
  readonly closed_at: string | null;
  readonly time_to_first_response_seconds: number | null;
  readonly time_to_resolve_seconds: number | null;
  readonly waiting_since: string | null;
  readonly last_message_at: string | null;
  readonly last_message_from: MessageSide | null;
  readonly reopen_count: number;
  readonly csat_rating: number | null;
  readonly csat_comment: string | null;
  readonly csat_status: CsatStatus;
  readonly sla: { readonly first_reply: SlaClockPayload; readonly resolve: SlaClockPayload };
  readonly message_count: number;
  readonly note_count: number;
  readonly is_test: boolean;
  readonly created_at: string;
  readonly updated_at: string;
  readonly version: number;
}
