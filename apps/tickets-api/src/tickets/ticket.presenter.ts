import type { MessagePayload, TicketPayload } from '#contracts';
import { encodeCursor } from '#platform';
import type {
  AddedMessage,
  BulkResult,
  ConversationPage,
  HistoryItemPayload,
  TicketDetails,
  TicketListRequest,
  TicketPage,
} from '#tickets';

/** What a list was asked for, as its answer repeats it. */
export interface PageRequest {
  readonly limit: number;
  readonly offset: number;
}

/** A message with the ticket after it: the answer to a reply. */
export interface AddedMessageAnswer extends MessagePayload {
  readonly ticket: TicketPayload;
}

/** The answer to a bulk action. */
export interface BulkAnswer {
  readonly affected: number;
  readonly results: ReadonlyArray<{
    readonly ticket_id: string;
    readonly ok: boolean;
    readonly changed: boolean;
    readonly error?: { readonly code: string; readonly message: string };
  }>;
}

/** The list envelope as JSON text, around tickets that the database has rendered. */
export function presentTicketPage(page: TicketPage, { limit, offset, sort }: TicketListRequest): string {
  const nextCursor = page.nextKeys ? encodeCursor('tickets', { sort, keys: page.nextKeys }) : null;
  const counted =
    page.total === undefined ? `"limit":${limit}` : `"total":${page.total},"limit":${limit},"offset":${offset}`;
  return `{"tickets":[${page.tickets.join(',')}],${counted},"next_cursor":${JSON.stringify(nextCursor)}}`;
}

/** A ticket's JSON text with its latest messages. */
export function presentTicketDetails({ ticket, messages, olderThan }: TicketDetails): string {
  const cursor = olderThan === undefined ? null : encodeCursor('messages', { direction: 'older', seq: olderThan });
  return `${ticket.slice(0, -1)},"messages":${messages},"messages_next_cursor":${JSON.stringify(cursor)}}`;
}

/** The list envelope of a ticket's messages or history. */
export function presentConversation<Plural extends 'messages' | 'history'>(
  plural: Plural,
  page: ConversationPage<MessagePayload | HistoryItemPayload>,
  { limit, offset }: PageRequest,
) {
  return {
    [plural]: page.items,
    ...(page.total === undefined ? { limit } : { total: page.total, limit, offset }),
    next_cursor: page.next ? encodeCursor(plural, page.next) : null,
  };
}

/** The stored message, and in it the ticket after it. */
export function presentAddedMessage({ message, ticket }: AddedMessage): AddedMessageAnswer {
  return { ...message, ticket };
}

/** What became of each ticket of a bulk action. */
export function presentBulk(results: readonly BulkResult[]): BulkAnswer {
  return {
    affected: results.filter((result) => result.changed).length,
    results: results.map(({ ticketId, ok, changed, error }) => ({
      ticket_id: ticketId,
      ok,
      changed,
      ...(error && { error }),
    })),
  };
}
