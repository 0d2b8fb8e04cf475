import type { SqlParameters } from './ticket-conditions.sql';
import type { TicketSort } from './ticket-filter';

/** One order of the list: its ORDER BY, and how a page begins after the ticket at the end of the page before. */
interface TicketOrder {
  readonly orderBy: string;
  /** The sort keys of a ticket, as SQL: what a cursor holds. */
  readonly keys: readonly string[];
  /** Casts of the keys, in the same order. */
  readonly types: readonly string[];
  readonly after: (keys: readonly string[]) => string;
}

const CREATED = 'to_char(t.created_at, \'YYYY-MM-DD"T"HH24:MI:SS.USOF\')';
const UPDATED = 'to_char(t.updated_at, \'YYYY-MM-DD"T"HH24:MI:SS.USOF\')';

/** Every order ends with the id, so that it is total, and has an index that begins with the project. */
export const TICKET_ORDERS: Readonly<Record<TicketSort, TicketOrder>> = {
  '-created_at': {
    orderBy: 't.created_at DESC, t.id DESC',
    keys: [CREATED, 't.id'],
    types: ['timestamptz', 'uuid'],
    after: ([created, id]) => `(t.created_at, t.id) < (${created}, ${id})`,
  },
  created_at: {
    orderBy: 't.created_at, t.id',
    keys: [CREATED, 't.id'],
    types: ['timestamptz', 'uuid'],
    after: ([created, id]) => `(t.created_at, t.id) > (${created}, ${id})`,
  },
  '-updated_at': {
    orderBy: 't.updated_at DESC, t.id DESC',
    keys: [UPDATED, 't.id'],
    types: ['timestamptz', 'uuid'],
    after: ([updated, id]) => `(t.updated_at, t.id) < (${updated}, ${id})`,
  },
  priority: {
    orderBy: 't.priority_rank DESC, t.created_at DESC, t.id DESC',
    keys: ['t.priority_rank', CREATED, 't.id'],
    types: ['smallint', 'timestamptz', 'uuid'],
    after: ([rank, created, id]) => `(t.priority_rank, t.created_at, t.id) < (${rank}, ${created}, ${id})`,
  },
  sla_due_at: {
    orderBy: "COALESCE(t.sla_due_at, 'infinity'), t.id",
    keys: ["COALESCE(t.sla_due_at, 'infinity')", 't.id'],
    types: ['timestamptz', 'uuid'],
    after: ([due, id]) => `(COALESCE(t.sla_due_at, 'infinity'), t.id) > (${due}, ${id})`,
  },
};

/** The condition "after this ticket in this order". The keys come from a cursor and become parameters. */
export function afterTicket(sort: TicketSort, keys: readonly unknown[], parameters: SqlParameters): string {
  const order = TICKET_ORDERS[sort];
  return order.after(order.types.map((type, index) => `${parameters.add(keys[index])}::${type}`));
}
