import { decodeCursor, encodeCursor } from '#platform';
import { isTicketPosition } from '#tickets';
import type { TicketSort } from '#tickets';

const KIND = 'tickets';

/** The cursor behind a ticket of a list in this order. */
export function encodeTicketCursor(sort: TicketSort, keys: readonly unknown[]): string {
  return encodeCursor(KIND, { sort, keys });
}

/**
 * The sort keys behind which a page begins.
 * @throws {DomainError} `validation_failed` for a cursor of another list or another order.
 */
export function decodeTicketCursor(cursor: string, sort: TicketSort): readonly unknown[] {
  return decodeCursor(KIND, cursor, (position) => {
    const { sort: given, keys } = (position ?? {}) as { readonly sort?: unknown; readonly keys?: unknown };
    return given === sort && isTicketPosition(sort, keys) ? keys : undefined;
  });
}
