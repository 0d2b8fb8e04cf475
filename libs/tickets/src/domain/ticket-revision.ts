import { v7 as uuidv7 } from 'uuid';
import {
  SYSTEM_ACTOR,
  TicketClosed,
  TicketNoteAdded,
  TicketReopened,
  TicketReplied,
  TicketStatusChanged,
} from '#contracts';
import type {
  Actor,
  AuthorType,
  DeliveryStatus,
  DomainEvent,
  EventDefinition,
  FieldChange,
  TicketEventData,
  TicketStatus,
} from '#contracts';
import type { CsatSettings, SlaSettings } from '#settings';
import { askForRating, withdrawQuestion } from './csat';
import { endClock, rescheduleClocks } from './keep-time';
import { toMessagePayload } from './message';
import type { Message } from './message';
import { dueTimes } from './sla-clock';
import type { LockedTicket, Ticket } from './ticket';
import { toTicketPayload } from './ticket-payload';

/** One line of a ticket's history, before it is stored. */
export interface HistoryEntry {
  readonly action: string;
  readonly field: string | null;
  readonly from: unknown;
  readonly to: unknown;
  /** Who did it, when not who made the whole change. */
  readonly actor?: Actor;
}

/** By whom, when and in which request something happens. */
export interface Cause {
  readonly actor: Actor;
  readonly at: Date;
  readonly requestId?: string;
  /** The trace of that request. */
  readonly traceparent?: string;
}

/** What someone says on a ticket. */
export interface NewMessage {
  readonly authorType: AuthorType;
  readonly authorId: string | null;
  readonly authorName: string | null;
  readonly text: string;
  readonly deliveryStatus: DeliveryStatus;
}

/** The settings that a change of a ticket goes by. */
export type RevisionSettings = SlaSettings & CsatSettings;

type AnyTicketEvent = EventDefinition<string, TicketEventData>;

interface PendingEvent {
  readonly definition: AnyTicketEvent;
  readonly actor?: Actor;
  /** Members of this event alone. */
  readonly fields?: object;
  readonly message?: Message;
  readonly changes?: Readonly<Record<string, FieldChange>>;
}

/**
 * One change of a ticket while it is being made: the rules of the life of a ticket, and with every step its history and its
 * events. Pure: time and actor come in with the cause, and storing is another's business.
 */
export class TicketRevision {
  readonly history: HistoryEntry[] = [];
  readonly messages: Message[] = [];
  private readonly pending: PendingEvent[] = [];
  private state: LockedTicket;
  private remarks = 0;

  constructor(
    readonly before: LockedTicket,
    readonly cause: Cause,
    readonly settings: RevisionSettings,
  ) {
    this.state = before;
  }

  /** The ticket as far as the change has come. */
  get current(): LockedTicket {
    return this.state;
  }

  /** Whether the ticket has changed: a new version of it must be stored. */
  get isChanged(): boolean {
    return this.history.length > this.remarks;
  }

  /** Sets fields, writes history for one of them, and fires `event` with the change; fields of one event share it. */
  changeField(field: string, to: unknown, action: string, values: Partial<Ticket>, event: AnyTicketEvent): void {
    const from = (toTicketPayload(this.state) as unknown as Record<string, unknown>)[field] ?? null;
    this.adjust(values);
    this.history.push({ action, field, from, to });
    const told = this.pending.findIndex(({ definition }) => definition === event);
    const changes = { ...this.pending[told]?.changes, [field]: { from, to } };
    this.pending[told === -1 ? this.pending.length : told] = { definition: event, changes };
  }

  /** Gives an event that this change fires, if it does, members of its own. */
  addToEvent(event: AnyTicketEvent, fields: object): void {
    const told = this.pending.findIndex(({ definition }) => definition === event);
    const found = this.pending[told];
    if (found) {
      this.pending[told] = { ...found, fields };
    }
  }

  /** Sets fields without a word of it: what follows from something that is told already, or is seen by nobody. */
  adjust(values: Partial<Ticket>): void {
    this.state = { ...this.state, ...values };
  }

  /** Writes down what the product itself has found or done, with its event if it has one. */
  note(entry: HistoryEntry, event?: Pick<PendingEvent, 'definition' | 'fields'>): void {
    this.history.push({ ...entry, actor: SYSTEM_ACTOR });
    if (event) {
      this.pending.push({ ...event, actor: SYSTEM_ACTOR });
    }
  }

  /** Writes down what was not done, and why: a line of history that by itself makes no new version. */
  remark(entry: HistoryEntry): void {
    this.remarks += 1;
    this.history.push(entry);
  }

  /**
   * Any status to any other; the same one is no change. Closing ends the waiting and asks for a rating, leaving `closed` is a
   * reopening and takes the question back.
   */
  changeStatus(to: TicketStatus): void {
    const from = this.state.status;
    if (from === to) {
      return;
    }
    const closing = to === 'closed';
    const reopening = from === 'closed';
    if (closing) {
      endClock(this, 'first_reply', 'cancelled');
      endClock(this, 'resolve', 'met');
    }
    this.changeField(
      'status',
      to,
      'status_changed',
      {
        status: to,
        closedAt: closing ? this.cause.at : null,
        waitingSince: closing ? null : this.state.waitingSince,
        reopenCount: this.state.reopenCount + (reopening ? 1 : 0),
        continuedIn: null,
      },
      TicketStatusChanged,
    );
    const changes = { status: { from, to } };
    if (closing) {
      this.pending.push({ definition: TicketClosed, changes, fields: { csat: askForRating(this) } });
    }
    if (reopening) {
      this.pending.push({ definition: TicketReopened, changes });
      withdrawQuestion(this);
      rescheduleClocks(this);
    }
  }

  /** An agent's public answer: the customer is answered, and it is the customer's turn unless `status` says otherwise. */
  reply(message: NewMessage, status?: TicketStatus): Message {
    const { at } = this.cause;
    const isFirst = this.state.firstReplyAt === null && message.authorType === 'agent';
    if (isFirst) {
      endClock(this, 'first_reply', 'met');
    }
    const added = this.addPublic(message, 'agent', {
      firstReplyAt: isFirst ? at : this.state.firstReplyAt,
      waitingSince: null,
    });
    const turnsToCustomer = this.state.status === 'new' || this.state.status === 'in_progress';
    this.changeStatus(status ?? (turnsToCustomer ? 'waiting' : this.state.status));
    return added;
  }

  /** The customer's message: it is the agents' turn, and a closed ticket is open again. */
  receive(message: NewMessage): Message {
    const { at } = this.cause;
    const isFirst = this.state.firstCustomerMessageAt === null;
    const added = this.addPublic(message, 'customer', {
      firstCustomerMessageAt: this.state.firstCustomerMessageAt ?? at,
      waitingSince: this.state.waitingSince ?? at,
    });
    if (this.state.status === 'waiting' || this.state.status === 'closed') {
      this.changeStatus('in_progress');
    }
    if (isFirst) {
      rescheduleClocks(this);
    }
    return added;
  }

  /** An internal note. It changes nothing but the count; a `status` given with it is the agent's own change. */
  addNote(note: NewMessage, status?: TicketStatus): Message {
    const added = this.append(note, true);
    this.adjust({ noteCount: this.state.noteCount + 1 });
    this.history.push({ action: 'note_added', field: null, from: null, to: { message_id: added.id } });
    this.pending.push({ definition: TicketNoteAdded, message: added });
    this.changeStatus(status ?? this.state.status);
    return added;
  }

  /** Remembers where the conversation goes on after this closed ticket. Not visible outside, so neither history nor event. */
  continueIn(ticketId: string): void {
    this.adjust({ continuedIn: ticketId });
  }

  /** Ends the change: the ticket to store, and its events, which all carry the ticket as it is now. */
  complete(): { readonly ticket: LockedTicket; readonly events: ReadonlyArray<DomainEvent<string, TicketEventData>> } {
    const { before, cause } = this;
    const step = { version: before.version + 1, updatedAt: cause.at, eventSeq: before.eventSeq + this.pending.length };
    const ticket: LockedTicket = { ...this.state, ...dueTimes(this.state), ...(this.isChanged && step) };
    const payload = toTicketPayload(ticket);
    const events = this.pending.map(({ definition, message, changes, fields, actor }, index) => ({
      definition,
      aggregateId: ticket.id,
      sequence: before.eventSeq + index + 1,
      occurredAt: cause.at,
      requestId: cause.requestId,
      traceparent: cause.traceparent,
      data: {
        ticket: payload,
        ...(message && { message: toMessagePayload(message) }),
        ...(changes && { changes }),
        actor: actor ?? cause.actor,
        ...fields,
      },
    }));
    return { ticket, events };
  }

  private addPublic(message: NewMessage, from: 'customer' | 'agent', values: Partial<Ticket>): Message {
    const added = this.append(message, false);
    this.adjust({
      ...values,
      messageCount: this.state.messageCount + 1,
      lastMessageAt: added.createdAt,
      lastMessageFrom: from,
      lastPublicMessageId: added.id,
    });
    this.history.push({ action: 'replied', field: null, from: null, to: { message_id: added.id } });
    this.pending.push({ definition: TicketReplied, message: added });
    return added;
  }

  private append(message: NewMessage, internal: boolean): Message {
    const added: Message = {
      ...message,
      projectId: this.state.projectId,
      id: uuidv7(),
      ticketId: this.state.id,
      seq: this.state.messageCount + this.state.noteCount + 1,
      internal,
      attachments: [],
      createdAt: this.cause.at,
    };
    this.messages.push(added);
    return added;
  }
}
