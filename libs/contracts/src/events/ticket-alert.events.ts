import type { SlaKind } from '../resources/ticket';
import { SYSTEM_ACTOR } from '../resources/actor';
import { defineEvent } from './event-definition';
import { EXAMPLE_TICKET } from './examples';
import type { TicketEventData } from './ticket.events';

/** `data` of an event about one of a ticket's service-level clocks. */
export interface TicketSlaEventData extends TicketEventData {
  readonly kind: SlaKind;
  /** When the clock is broken unless it ends before. */
  readonly due_at: string;
}

/** `data` of the event about a customer who waits for an answer. */
export interface TicketUnansweredEventData extends TicketEventData {
  /** The project's `helpdesk_unanswered_hours`. */
  readonly threshold_hours: number;
  /** Time of the oldest customer message without a public answer. */
  readonly waiting_since: string;
  readonly waited_seconds: number;
}

const aggregate = 'ticket';
const actor = SYSTEM_ACTOR;
const DUE_AT = '2026-11-24T13:30:00.000Z';

export const TicketSlaWarning = defineEvent<'ticket.sla_warning', TicketSlaEventData>({
  type: 'ticket.sla_warning',
  version: 1,
  aggregate,
  description:
    'More than 80 % of the time until the first reply or the close are used; `kind` says of which. Once for each due time.',
  example: {
    ticket: {
      ...EXAMPLE_TICKET,
      sla: { ...EXAMPLE_TICKET.sla, first_reply: { due_at: DUE_AT, status: 'warning' } },
      version: 2,
    },
    actor,
    kind: 'first_reply',
    due_at: DUE_AT,
  },
});

export const TicketSlaBreached = defineEvent<'ticket.sla_breached', TicketSlaEventData>({
  type: 'ticket.sla_breached',
  version: 1,
  aggregate,
  description:
    'The time until the first reply or the close is over, and neither has happened in it; `kind` says which. Once for each of the two.',
  example: {
    ticket: {
      ...EXAMPLE_TICKET,
      sla: { ...EXAMPLE_TICKET.sla, first_reply: { due_at: DUE_AT, status: 'breached' } },
      version: 3,
    },
    actor,
    kind: 'first_reply',
    due_at: DUE_AT,
  },
});

export const TicketUnanswered = defineEvent<'ticket.unanswered_24h', TicketUnansweredEventData>({
  type: 'ticket.unanswered_24h',
  version: 1,
  aggregate,
  description:
    'The customer of a new or running ticket has waited for an answer longer than `helpdesk_unanswered_hours` (12, 24 or 48; the name stays the same) since the last message. Once until somebody answers or closes.',
  example: {
    ticket: { ...EXAMPLE_TICKET, version: 2 },
    actor,
    threshold_hours: 24,
    waiting_since: '2026-11-24T09:30:00.000Z',
    waited_seconds: 86_423,
  },
});
