import { v7 as uuidv7 } from 'uuid';
import { TicketClosed, TicketNoteAdded, TicketReopened, TicketReplied, TicketStatusChanged } from '#contracts';
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
import { toMessagePayload } from './message';
import type { Message } from './message';
import type { Ticket } from './ticket';
import { toTicketPayload } from './ticket-payload';

/** One line of a ticket's history, before it is stored. */
export interface HistoryEntry {
  readonly action: string;
  readonly field: string | null;
  readonly from: unknown;
  readonly to: unknown;
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

type AnyTicketEvent = EventDefinition<string, TicketEventData>;

interface PendingEvent {
  readonly definition: AnyTicketEvent;
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
  private state: Ticket;

  constructor(
    readonly before: Ticket,
    readonly cause: Cause,
  ) {
    this.state = before;
  }

  /** The ticket as far as the change has come. */
  get current(): Ticket {
    return this.state;
  }

  /** Whether anything happened that must be stored. */
  get isChanged(): boolean {
    return this.history.length > 0;
  }

  /** Sets fields, writes history for one of them, and fires `event` with the change; fields of one event share it. */
  changeField(field: string, to: unknown, action: string, values: Partial<Ticket>, event: AnyTicketEvent): void {
    const from = (toTicketPayload(this.state) as unknown as Record<string, unknown>)[field] ?? null;
    this.state = { ...this.state, ...values };
    this.history.push({ action, field, from, to });
    const told = this.pending.findIndex(({ definition }) => definition === event);
    const changes = { ...this.pending[told]?.changes, [field]: { from, to } };
    this.pending[told === -1 ? this.pending.length : told] = { definition: event, changes };
  }

  /** Any status to any other; the same one is no change. Closing ends the waiting, leaving `closed` is a reopening. */
  changeStatus(to: TicketStatus): void {
    const from = this.state.status;
    if (from === to) {
      return;
    }
    const closing = to === 'closed';
    const reopening = from === 'closed';
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
    if (closing || reopening) {
      this.pending.push({ definition: closing ? TicketClosed : TicketReopened, changes: { status: { from, to } } });
    }
  }

  /** An agent's public answer: the customer is answered, and it is the customer's turn unless `status` says otherwise. */
  reply(message: NewMessage, status?: TicketStatus): Message {
    const { at } = this.cause;
    const human = message.authorType === 'agent';
    const added = this.addPublic(message, 'agent', {
      firstReplyAt: this.state.firstReplyAt ?? (human ? at : null),
      waitingSince: null,
    });
    const turnsToCustomer = this.state.status === 'new' || this.state.status === 'in_progress';
    this.changeStatus(status ?? (turnsToCustomer ? 'waiting' : this.state.status));
    return added;
  }

  /** The customer's message: it is the agents' turn, and a closed ticket is open again. */
  receive(message: NewMessage): Message {
    const { at } = this.cause;
    const added = this.addPublic(message, 'customer', {
      firstCustomerMessageAt: this.state.firstCustomerMessageAt ?? at,
      waitingSince: this.state.waitingSince ?? at,
    });
    if (this.state.status === 'waiting' || this.state.status === 'closed') {
      this.changeStatus('in_progress');
    }
    return added;
  }

  /** An internal note. It changes nothing but the count; a `status` given with it is the agent's own change. */
  addNote(note: NewMessage, status?: TicketStatus): Message {
    const added = this.append(note, true);
    this.state = { ...this.state, noteCount: this.state.noteCount + 1 };
    this.history.push({ action: 'note_added', field: null, from: null, to: { message_id: added.id } });
    this.pending.push({ definition: TicketNoteAdded, message: added });
    this.changeStatus(status ?? this.state.status);
    return added;
  }

  /** Remembers where the conversation goes on after this closed ticket. Not visible outside, so neither history nor event. */
  continueIn(ticketId: string): void {
    this.state = { ...this.state, continuedIn: ticketId };
  }

  /** Ends the change: the ticket to store, and its events, which all carry the ticket as it is now. */
  complete(): { readonly ticket: Ticket; readonly events: ReadonlyArray<DomainEvent<string, TicketEventData>> } {
    const { before, cause } = this;
    const ticket: Ticket = this.isChanged
      ? {
          ...this.state,
          version: before.version + 1,
          updatedAt: cause.at,
          eventSeq: before.eventSeq + this.pending.length,
        }
      : this.state;
    const payload = toTicketPayload(ticket);
    const events = this.pending.map(({ definition, message, changes }, index) => ({
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
        actor: cause.actor,
      },
    }));
    return { ticket, events };
  }

  private addPublic(message: NewMessage, from: 'customer' | 'agent', values: Partial<Ticket>): Message {
    const added = this.append(message, false);
    this.state = {
      ...this.state,
      ...values,
      messageCount: this.state.messageCount + 1,
      lastMessageAt: added.createdAt,
      lastMessageFrom: from,
      lastPublicMessageId: added.id,
    };
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
