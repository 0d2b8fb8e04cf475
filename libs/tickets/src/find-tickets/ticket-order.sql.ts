import { isUuid } from '#platform';
import type { SqlParameters } from './ticket-conditions.sql';
import type { TicketSort } from './ticket-filter';

/** One order of the list: its ORDER BY, and how a page begins after the ticket at the end of the page before. */
interface TicketOrder {
  readonly orderBy: string;
  /** The sort keys of a ticket, as SQL: what a cursor holds. */
  readonly keys: readonly string[];
  readonly types: readonly KeyType[];
  readonly after: (keys: readonly string[]) => string;
}

type KeyType = keyof typeof KEY_VALUES;

/** What a key of each type looks like, so that a cursor that was tampered with is refused before the database sees it. */
const KEY_VALUES = {
  timestamptz: (key: unknown) => typeof key === 'string' && isUtcTime(key),
  'due time': (key: unknown) => key === NEVER || (typeof key === 'string' && isUtcTime(key)),
  smallint: (key: unknown) => typeof key === 'number' && Number.isInteger(key) && key >= 0 && key <= 3,
  uuid: isUuid,
} as const;

const CASTS: Readonly<Record<KeyType, string>> = {
  timestamptz: 'timestamptz',
  'due time': 'timestamptz',
  smallint: 'smallint',
  uuid: 'uuid',
};

/** Tickets without a due time come last. */
const NEVER = 'infinity';

const timeKey = (column: string): string => `to_char(t.${column}, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
const DUE = `COALESCE(t.sla_due_at, '${NEVER}')`;

/** Every order ends with the id, so that it is total, and has an index that begins with the project. */
export const TICKET_ORDERS: Readonly<Record<TicketSort, TicketOrder>> = {
  '-created_at': {
    orderBy: 't.created_at DESC, t.id DESC',
    keys: [timeKey('created_at'), 't.id'],
    types: ['timestamptz', 'uuid'],
    after: ([created, id]) => `(t.created_at, t.id) < (${created}, ${id})`,
  },
  created_at: {
    orderBy: 't.created_at, t.id',
    keys: [timeKey('created_at'), 't.id'],
    types: ['timestamptz', 'uuid'],
    after: ([created, id]) => `(t.created_at, t.id) > (${created}, ${id})`,
  },
  '-updated_at': {
    orderBy: 't.updated_at DESC, t.id DESC',
    keys: [timeKey('updated_at'), 't.id'],
    types: ['timestamptz', 'uuid'],
    after: ([updated, id]) => `(t.updated_at, t.id) < (${updated}, ${id})`,
  },
  priority: {
    orderBy: 't.priority_rank DESC, t.created_at DESC, t.id DESC',
    keys: ['t.priority_rank', timeKey('created_at'), 't.id'],
    types: ['smallint', 'timestamptz', 'uuid'],
    after: ([rank, created, id]) => `(t.priority_rank, t.created_at, t.id) < (${rank}, ${created}, ${id})`,
  },
  sla_due_at: {
    orderBy: `${DUE}, t.id`,
    keys: [`COALESCE(${timeKey('sla_due_at')}, '${NEVER}')`, 't.id'],
    types: ['due time', 'uuid'],
    after: ([due, id]) => `(${DUE}, t.id) > (${due}, ${id})`,
  },
};

/** Whether a cursor's content is a place in this order. */
export function isTicketPosition(sort: TicketSort, keys: unknown): keys is readonly unknown[] {
  const { types } = TICKET_ORDERS[sort];
  return Array.isArray(keys) && keys.length === types.length && types.every((type, at) => KEY_VALUES[type](keys[at]));
}

function isUtcTime(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z$/.test(text)) {
    return false;
  }
  const time = new Date(text);
  // Date rolls the 31st of February over into March; the database refuses it.
  return !Number.isNaN(time.getTime()) && time.getUTCFullYear() > 0 && time.toISOString().startsWith(text.slice(0, 19));
}

/** The condition "after this ticket in this order". The keys come from a cursor and become parameters. */
export function afterTicket(sort: TicketSort, keys: readonly unknown[], parameters: SqlParameters): string {
  const order = TICKET_ORDERS[sort];
  return order.after(order.types.map((type, index) => `${parameters.add(keys[index])}::${CASTS[type]}`));
}
