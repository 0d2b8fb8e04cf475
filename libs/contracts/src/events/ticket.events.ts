import type { Actor } from '../resources/actor';
import type { MessagePayload } from '../resources/message';
import type { CsatRequest, TicketPayload } from '../resources/ticket';
import { defineEvent } from './event-definition';
import { EXAMPLE_ACTOR, EXAMPLE_MESSAGE, EXAMPLE_NOTE, EXAMPLE_REPLY, EXAMPLE_TICKET } from './examples';

/** One changed field: what it was and what it is. */
export interface FieldChange {
  readonly from: unknown;
  readonly to: unknown;
}

/** `data` of every event about a ticket; `ticket` is the API's ticket object at that version. */
export interface TicketEventData {
  readonly ticket: TicketPayload;
  readonly actor: Actor;
  readonly message?: MessagePayload;
  readonly changes?: Readonly<Record<string, FieldChange>>;
}

/** `data` of an event that carries a message. */
export interface TicketMessageEventData extends TicketEventData {
  readonly message: MessagePayload;
}

/** `data` of an event that tells what changed. */
export interface TicketChangeEventData extends TicketEventData {
  readonly changes: Readonly<Record<string, FieldChange>>;
}

/** `data` of the event about a close. */
export interface TicketClosedEventData extends TicketChangeEventData {
  /** Whether the customer is asked for a rating now. */
  readonly csat: CsatRequest;
}

/** `data` of the event about a customer's rating. */
export interface TicketCsatEventData extends TicketChangeEventData {
  /** From 1 to 5. */
  readonly rating: number;
  readonly comment: string | null;
  /** Whether there was a rating before. */
  readonly changed: boolean;
}

const aggregate = 'ticket';

export const TicketCreated = defineEvent<'ticket.created', TicketMessageEventData>({
  type: 'ticket.created',
  version: 1,
  aggregate,
  description: 'A ticket was opened; carries its opening message.',
  example: { ticket: EXAMPLE_TICKET, message: EXAMPLE_MESSAGE, actor: EXAMPLE_ACTOR },
});

export const TicketReplied = defineEvent<'ticket.replied', TicketMessageEventData>({
  type: 'ticket.replied',
  version: 1,
  aggregate,
  description:
    'A public message was added after the opening one; `message.author_type` says whether the customer or an agent wrote it.',
  example: {
    ticket: { ...EXAMPLE_TICKET, status: 'waiting', message_count: 2, waiting_since: null, version: 2 },
    message: EXAMPLE_REPLY,
    actor: EXAMPLE_ACTOR,
  },
});

export const TicketNoteAdded = defineEvent<'ticket.note_added', TicketMessageEventData>({
  type: 'ticket.note_added',
  version: 1,
  aggregate,
  description: 'An internal note was added. Never shown to the customer; webhooks get it only when they name it.',
  example: { ticket: { ...EXAMPLE_TICKET, note_count: 1, version: 2 }, message: EXAMPLE_NOTE, actor: EXAMPLE_ACTOR },
});

export const TicketStatusChanged = defineEvent<'ticket.status_changed', TicketChangeEventData>({
  type: 'ticket.status_changed',
  version: 1,
  aggregate,
  description: 'The status changed, by whomever.',
  example: {
    ticket: { ...EXAMPLE_TICKET, status: 'in_progress', version: 2 },
    changes: { status: { from: 'new', to: 'in_progress' } },
    actor: EXAMPLE_ACTOR,
  },
});

export const TicketClosed = defineEvent<'ticket.closed', TicketClosedEventData>({
  type: 'ticket.closed',
  version: 1,
  aggregate,
  description:
    'The ticket was closed; comes in addition to `ticket.status_changed`. `csat` is `requested` when the customer is asked for a rating: of a virtual customer, ask, and post it. `skipped`: the customer cannot be reached. `none`: `csat_enabled` is off, or the ticket has its rating.',
  example: {
    ticket: {
      ...EXAMPLE_TICKET,
      status: 'closed',
      closed_at: '2026-11-24T10:00:00.000Z',
      waiting_since: null,
      csat_status: 'requested',
      version: 2,
    },
    changes: { status: { from: 'in_progress', to: 'closed' } },
    actor: EXAMPLE_ACTOR,
    csat: 'requested',
  },
});

export const TicketCsatReceived = defineEvent<'ticket.csat_received', TicketCsatEventData>({
  type: 'ticket.csat_received',
  version: 1,
  aggregate,
  description:
    'The customer has rated a closed ticket, or with `changed: true` rated it otherwise or commented on it later. The same rating again fires nothing.',
  example: {
    ticket: {
      ...EXAMPLE_TICKET,
      status: 'closed',
      closed_at: '2026-11-24T10:00:00.000Z',
      waiting_since: null,
      csat_rating: 5,
      csat_comment: 'Quick and friendly',
      csat_status: 'rated',
      version: 3,
    },
    changes: {
      csat_rating: { from: null, to: 5 },
      csat_comment: { from: null, to: 'Quick and friendly' },
    },
    actor: { type: 'customer', id: null, name: 'Ivan' },
    rating: 5,
    comment: 'Quick and friendly',
    changed: false,
  },
});

export const TicketReopened = defineEvent<'ticket.reopened', TicketChangeEventData>({
  type: 'ticket.reopened',
  version: 1,
  aggregate,
  description: 'A closed ticket was opened again; comes in addition to `ticket.status_changed`.',
  example: {
    ticket: { ...EXAMPLE_TICKET, status: 'in_progress', reopen_count: 1, version: 4 },
    changes: { status: { from: 'closed', to: 'in_progress' } },
    actor: EXAMPLE_ACTOR,
  },
});

export const TicketAssigned = defineEvent<'ticket.assigned', TicketChangeEventData>({
  type: 'ticket.assigned',
  version: 1,
  aggregate,
  description: 'The assignment changed; `ticket.assigned_to` is null when it was cleared.',
  example: {
    ticket: { ...EXAMPLE_TICKET, assigned_to: EXAMPLE_REPLY.author_id, version: 2 },
    changes: { assigned_to: { from: null, to: EXAMPLE_REPLY.author_id } },
    actor: EXAMPLE_ACTOR,
  },
});

export const TicketPriorityChanged = defineEvent<'ticket.priority_changed', TicketChangeEventData>({
  type: 'ticket.priority_changed',
  version: 1,
  aggregate,
  description: 'The priority changed.',
  example: {
    ticket: { ...EXAMPLE_TICKET, priority: 'urgent', version: 2 },
    changes: { priority: { from: 'normal', to: 'urgent' } },
    actor: EXAMPLE_ACTOR,
  },
});

export const TicketTagsChanged = defineEvent<'ticket.tags_changed', TicketChangeEventData>({
  type: 'ticket.tags_changed',
  version: 1,
  aggregate,
  description: 'The list of tags changed.',
  example: {
    ticket: { ...EXAMPLE_TICKET, tags: ['vip', 'billing'], version: 2 },
    changes: { tags: { from: ['vip'], to: ['vip', 'billing'] } },
    actor: EXAMPLE_ACTOR,
  },
});

export const TicketUpdated = defineEvent<'ticket.updated', TicketChangeEventData>({
  type: 'ticket.updated',
  version: 1,
  aggregate,
  description: 'The subject or the type changed.',
  example: {
    ticket: { ...EXAMPLE_TICKET, subject: 'Code does not arrive', version: 2 },
    changes: { subject: { from: 'Login issue', to: 'Code does not arrive' } },
    actor: EXAMPLE_ACTOR,
  },
});
