import type { MessagePayload, TicketPayload } from '#contracts';
import { encodeCursor, presentList, presentPage, VersionedText } from '#platform';
import type {
  AddedMessage,
  BulkResult,
  ConversationPage,
  ConversationPosition,
  ConversationRequest,
  HistoryItemPayload,
  TicketDetails,
  TicketListRequest,
  TicketPage,
} from '#tickets';
import { encodeTicketCursor } from './ticket-cursor';

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
export function presentTicketPage({ tickets, total, nextKeys }: TicketPage, request: TicketListRequest): string {
  const nextCursor = nextKeys ? encodeTicketCursor(request.sort, nextKeys) : null;
  const page = JSON.stringify(presentPage(request, { total, nextCursor }));
  return `{"tickets":[${tickets}],${page.slice(1)}`;
}

/** A ticket's JSON text with its latest messages, under the ticket's version. */
export function presentTicketDetails({ id, ticket, messages, olderThan, version }: TicketDetails): VersionedText {
  const older = olderThan === undefined ? null : cursorOf('messages', id, { direction: 'older', seq: olderThan });
  const added = `"messages":${messages},"messages_next_cursor":${JSON.stringify(older)}`;
  return new VersionedText(`${ticket.slice(0, -1)},${added}}`, version);
}

/** The list envelope of a ticket's messages or history. */
export function presentConversation<Plural extends 'messages' | 'history'>(
  plural: Plural,
  { items, total, next }: ConversationPage<MessagePayload | HistoryItemPayload>,
  request: ConversationRequest,
) {
  const nextCursor = next ? cursorOf(plural, request.ticketId, next) : null;
  return presentList(plural, items, request, { total, nextCursor });
}

function cursorOf(kind: 'messages' | 'history', ticket: string, { direction, seq }: ConversationPosition): string {
  return encodeCursor(kind, { ticket, direction, seq });
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
