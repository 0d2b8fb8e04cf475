import { encodeCursor, presentList } from '#platform';
import type { PageRequest } from '#platform';
import type { ConfigurationPage, TicketType } from '#settings';

/** A ticket type as the API shows it. */
export interface TicketTypePayload {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly sort_order: number;
  readonly enabled: boolean;
  readonly created_at: string;
  readonly updated_at: string;
}

/** One ticket type. */
export function presentTicketType(type: TicketType): TicketTypePayload {
  return {
    id: type.id,
    name: type.name,
    description: type.description,
    sort_order: type.sortOrder,
    enabled: type.enabled,
    created_at: type.createdAt.toISOString(),
    updated_at: type.updatedAt.toISOString(),
  };
}

/** The list envelope of ticket types. */
export function presentTicketTypes({ items, total, next }: ConfigurationPage<TicketType>, request: PageRequest) {
  const nextCursor = next ? encodeCursor('ticket-types', next) : null;
  return presentList('ticket_types', items.map(presentTicketType), request, { total, nextCursor });
}
