import type { LockedTicket, Ticket } from '../domain/ticket';

const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Every stored property of a ticket, once; the record type makes the compiler hold the list complete. */
const TICKET_PROPERTIES: Readonly<Record<keyof Ticket, true>> = {
  projectId: true,
  id: true,
  liveProjectId: true,
  ticketNumber: true,
  subject: true,
  status: true,
  priority: true,
  channel: true,
  source: true,
  ticketTypeId: true,
  ticketTypeName: true,
  assignedTo: true,
  tags: true,
  tagKeys: true,
  subscriberId: true,
  chatId: true,
  firstName: true,
  username: true,
  firstCustomerMessageAt: true,
  firstReplyAt: true,
  closedAt: true,
  waitingSince: true,
  lastMessageAt: true,
  lastMessageFrom: true,
  lastPublicMessageId: true,
  reopenCount: true,
  continuedIn: true,
  csatRating: true,
  csatComment: true,
  csatStatus: true,
  csatAskedAt: true,
  csatExpiresAt: true,
  csatRatedAt: true,
  slaFirstReplyDueAt: true,
  slaFirstReplyWarnAt: true,
  slaFirstReplyStatus: true,
  slaResolveDueAt: true,
  slaResolveWarnAt: true,
  slaResolveStatus: true,
  slaDueAt: true,
  slaNextAt: true,
  slaSettingsAt: true,
  unansweredToldFor: true,
  messageCount: true,
  noteCount: true,
  eventSeq: true,
  isTest: true,
  createdAt: true,
  updatedAt: true,
  version: true,
};

const TICKET_COLUMN_PAIRS = (Object.keys(TICKET_PROPERTIES) as Array<keyof Ticket>).map(
  (property) => [property, snakeCase(property)] as const,
);

/** The columns of `ticket` in the order of the record. */
export const TICKET_COLUMNS: readonly string[] = TICKET_COLUMN_PAIRS.map(([, column]) => column);

/** What a ticket that is to be changed is selected as, from rows of `ticket` under the alias `t`; see {@link fromLockedRow}. */
export const LOCKED_TICKET_SQL = `${TICKET_COLUMNS.map((column) => `t.${column}`).join(', ')},
  t.channel = 'virtual' OR coalesce((SELECT s.reachable FROM subscriber s
    WHERE s.project_id = t.project_id AND s.id = t.subscriber_id), true) AS customer_reachable`;

/** Columns that never change after the insert. */
const FIXED = new Set([
  'project_id',
  'id',
  'live_project_id',
  'ticket_number',
  'channel',
  'source',
  'is_test',
  'created_at',
]);

/** The columns that a change may set. */
export const MUTABLE_TICKET_COLUMNS: readonly string[] = TICKET_COLUMNS.filter((column) => !FIXED.has(column));

/** A record as a JSON row for `json_populate_recordset(NULL::ticket, …)`, where a column that is not named is null. */
export function toTicketRow(ticket: Ticket): Record<string, unknown> {
  const row: Record<string, unknown> = {};
  for (const [property, column] of TICKET_COLUMN_PAIRS) {
    if (ticket[property] !== null) {
      row[column] = ticket[property];
    }
  }
  return row;
}

/** A selected row as a record. */
export function fromTicketRow(row: Readonly<Record<string, unknown>>): Ticket {
  const ticket: Record<string, unknown> = {};
  for (const [property, column] of TICKET_COLUMN_PAIRS) {
    ticket[property] = row[column];
  }
  return ticket as unknown as Ticket;
}

/** A row that was selected by {@link LOCKED_TICKET_SQL}. */
export function fromLockedRow(row: Readonly<Record<string, unknown>>): LockedTicket {
  return { ...fromTicketRow(row), customerReachable: row['customer_reachable'] as boolean };
}
