import type { Actor, ErrorDetail, MessagePayload, TicketPayload } from '#contracts';

/** The base of every address of the helpdesk. */
export const API = '/v1/helpdesk';

/** The body of every error. */
export interface ErrorBody {
  readonly error: string;
  readonly code: string;
  readonly retryable: boolean;
  readonly docs_url: string;
  readonly request_id: string;
  readonly details?: readonly ErrorDetail[];
  readonly current?: TicketPayload;
  readonly messages?: readonly MessagePayload[];
}

/** The answer of a ticket's details. */
export interface TicketDetailsBody extends TicketPayload {
  readonly messages: readonly MessagePayload[];
  readonly messages_next_cursor: string | null;
}

/** The answer of a reply: the message, and in it the ticket. */
export interface AddedMessageBody extends MessagePayload {
  readonly ticket: TicketPayload;
}

/** What a list answers beside its items. */
export interface PageBody {
  readonly total?: number;
  readonly limit: number;
  readonly offset: number;
  readonly next_cursor: string | null;
}

/** The answer of the list of tickets. */
export interface TicketListBody extends PageBody {
  readonly tickets: readonly TicketPayload[];
}

/** The answer of a ticket's messages. */
export interface MessageListBody extends PageBody {
  readonly messages: readonly MessagePayload[];
}

/** The answer of a ticket's history. */
export interface HistoryListBody extends PageBody {
  readonly history: ReadonlyArray<{
    readonly id: string;
    readonly at: string;
    readonly actor: Actor;
    readonly action: string;
    readonly field: string | null;
    readonly from: unknown;
    readonly to: unknown;
    readonly request_id: string | null;
  }>;
}

/** One event of the log. */
export interface EventBody {
  readonly id: string;
  readonly cursor: string;
  readonly event: string;
  readonly sequence: number;
  readonly created_at: string;
  readonly request_id: string | null;
  readonly data: {
    readonly ticket?: TicketPayload;
    readonly message?: MessagePayload;
    readonly changes?: Readonly<Record<string, { readonly from: unknown; readonly to: unknown }>>;
    readonly actor: Actor;
    readonly csat?: string;
    readonly rating?: number;
    readonly comment?: string | null;
    readonly changed?: boolean;
  };
}

/** The answer of the event log. */
export interface EventListBody {
  readonly events: readonly EventBody[];
  readonly next_cursor: string;
  readonly has_more: boolean;
}
