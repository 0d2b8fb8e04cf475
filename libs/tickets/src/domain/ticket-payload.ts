import type { TicketPayload } from '#contracts';
import type { Ticket } from './ticket';

/** One field of the API's ticket object: computed from the record, and as SQL over a row of `ticket` under the alias `t`. */
interface PayloadField<K extends keyof TicketPayload> {
  readonly of: (ticket: Ticket) => TicketPayload[K];
  readonly sql: string;
}

const isoTime = (time: Date | null): string | null => time?.toISOString() ?? null;
const isoTimeSql = (column: string): string => `to_char(t.${column}, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

function wholeSeconds(from: Date | null, to: Date | null): number | null {
  return from && to ? Math.floor((to.getTime() - from.getTime()) / 1000) : null;
}
const wholeSecondsSql = (from: string, to: string): string => `floor(extract(epoch FROM t.${to} - t.${from}))::bigint`;

/**
 * The ticket object, field by field. Both forms stand side by side because a change renders the record that it has just made,
 * for its answer and its events, while lists are rendered by the database, which is twice as fast. A test holds them equal.
 */
const FIELDS: { readonly [K in keyof TicketPayload]: PayloadField<K> } = {
  id: { of: (t) => t.id, sql: 't.id' },
  ticket_number: { of: (t) => t.ticketNumber, sql: 't.ticket_number' },
  subject: { of: (t) => t.subject, sql: 't.subject' },
  status: { of: (t) => t.status, sql: 't.status' },
  priority: { of: (t) => t.priority, sql: 't.priority' },
  channel: { of: (t) => t.channel, sql: 't.channel' },
  source: { of: (t) => t.source, sql: 't.source' },
  ticket_type_id: { of: (t) => t.ticketTypeId, sql: 't.ticket_type_id' },
  ticket_type_name: { of: (t) => t.ticketTypeName, sql: 't.ticket_type_name' },
  assigned_to: { of: (t) => t.assignedTo, sql: 't.assigned_to' },
  tags: { of: (t) => t.tags, sql: 't.tags' },
  subscriber_id: { of: (t) => t.subscriberId, sql: 't.subscriber_id' },
  chat_id: { of: (t) => t.chatId, sql: 't.chat_id' },
  first_name: { of: (t) => t.firstName, sql: 't.first_name' },
  username: { of: (t) => t.username, sql: 't.username' },
  first_reply_at: { of: (t) => isoTime(t.firstReplyAt), sql: isoTimeSql('first_reply_at') },
  closed_at: { of: (t) => isoTime(t.closedAt), sql: isoTimeSql('closed_at') },
  time_to_first_response_seconds: {
    of: (t) => wholeSeconds(t.firstCustomerMessageAt, t.firstReplyAt),
    sql: wholeSecondsSql('first_customer_message_at', 'first_reply_at'),
  },
  time_to_resolve_seconds: {
    of: (t) => wholeSeconds(t.createdAt, t.closedAt),
    sql: wholeSecondsSql('created_at', 'closed_at'),
  },
  waiting_since: { of: (t) => isoTime(t.waitingSince), sql: isoTimeSql('waiting_since') },
  last_message_at: { of: (t) => isoTime(t.lastMessageAt), sql: isoTimeSql('last_message_at') },
  last_message_from: { of: (t) => t.lastMessageFrom, sql: 't.last_message_from' },
  reopen_count: { of: (t) => t.reopenCount, sql: 't.reopen_count' },
  csat_rating: { of: (t) => t.csatRating, sql: 't.csat_rating' },
  csat_comment: { of: (t) => t.csatComment, sql: 't.csat_comment' },
  csat_status: { of: (t) => t.csatStatus, sql: 't.csat_status' },
  sla: {
    of: (t) => ({
      first_reply: { due_at: isoTime(t.slaFirstReplyDueAt), status: t.slaFirstReplyStatus },
      resolve: { due_at: isoTime(t.slaResolveDueAt), status: t.slaResolveStatus },
    }),
    sql: `json_build_object(
      'first_reply', json_build_object('due_at', ${isoTimeSql('sla_first_reply_due_at')}, 'status', t.sla_first_reply_status),
      'resolve', json_build_object('due_at', ${isoTimeSql('sla_resolve_due_at')}, 'status', t.sla_resolve_status))`,
  },
  message_count: { of: (t) => t.messageCount, sql: 't.message_count' },
  note_count: { of: (t) => t.noteCount, sql: 't.note_count' },
  is_test: { of: (t) => t.isTest, sql: 't.is_test' },
  created_at: { of: (t) => isoTime(t.createdAt) as string, sql: isoTimeSql('created_at') },
  updated_at: { of: (t) => isoTime(t.updatedAt) as string, sql: isoTimeSql('updated_at') },
  version: { of: (t) => t.version, sql: 't.version' },
};

const RENDERERS = Object.entries(FIELDS) as ReadonlyArray<[string, PayloadField<keyof TicketPayload>]>;

/** The API's ticket object of a record. */
export function toTicketPayload(ticket: Ticket): TicketPayload {
  const payload: Record<string, unknown> = {};
  for (const [name, field] of RENDERERS) {
    payload[name] = field.of(ticket);
  }
  return payload as unknown as TicketPayload;
}

/**
 * The API's ticket object as an SQL expression over a row of `ticket` under the alias `t`. `row_to_json` names the fields once,
 * where `json_build_object` would go through them as arguments of every row.
 */
export const TICKET_PAYLOAD_SQL = `(SELECT row_to_json(payload) FROM (SELECT ${RENDERERS.map(([name, { sql }]) => `${sql} AS "${name}"`).join(', ')}) payload)`;
