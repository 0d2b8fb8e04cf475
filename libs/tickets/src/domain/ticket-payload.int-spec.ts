import { randomUUID } from 'node:crypto';
import * as fc from 'fast-check';
import {
  AUTHOR_TYPES,
  CHANNELS,
  CSAT_STATUSES,
  DELIVERY_STATUSES,
  MESSAGE_SIDES,
  SLA_STATUSES,
  TICKET_PRIORITIES,
  TICKET_SOURCES,
} from '#contracts';
import { createTestDatabase } from '#testing';
import type { TestDatabase } from '#testing';
import { fromTicketRow, TICKET_COLUMNS, toTicketRow } from '../persistence/columns';
import type { Message } from './message';
import { MESSAGE_PAYLOAD_SQL, toMessagePayload } from './message';
import { tagKey } from './tags';
import type { Ticket } from './ticket';
import { TICKET_PAYLOAD_SQL, toTicketPayload } from './ticket-payload';

/** Text as Postgres can store it, of every script, with quotes, backslashes and control characters among them. */
const text = fc.string({ unit: 'binary', maxLength: 40 }).map((value) => value.replaceAll('\0', ''));
const time = fc.date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });
const id = fc.uuid();
const count = fc.nat({ max: 1_000_000 });
const orNull = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });
const oneOf = <T>(values: readonly T[]) => fc.constantFrom(...values);

const anyTicket: fc.Arbitrary<Ticket> = fc
  .record({
    projectId: id,
    id,
    liveProjectId: id,
    ticketNumber: count,
    subject: orNull(text),
    status: oneOf(['new', 'in_progress', 'waiting'] as const),
    priority: oneOf(TICKET_PRIORITIES),
    channel: oneOf(CHANNELS),
    source: oneOf(TICKET_SOURCES),
    ticketTypeId: orNull(id),
    ticketTypeName: orNull(text),
    assignedTo: orNull(id),
    tags: fc.array(text, { maxLength: 5 }),
    subscriberId: orNull(id),
    chatId: orNull(fc.maxSafeInteger()),
    firstName: orNull(text),
    username: orNull(text),
    firstCustomerMessageAt: orNull(time),
    firstReplyAt: orNull(time),
    closedAt: orNull(time),
    waitingSince: orNull(time),
    lastMessageAt: orNull(time),
    lastMessageFrom: orNull(oneOf(MESSAGE_SIDES)),
    lastPublicMessageId: orNull(id),
    reopenCount: count,
    continuedIn: orNull(id),
    csatRating: orNull(fc.integer({ min: 1, max: 5 })),
    csatComment: orNull(text),
    csatStatus: oneOf(CSAT_STATUSES),
    csatAskedAt: orNull(time),
    csatExpiresAt: orNull(time),
    csatRatedAt: orNull(time),
    slaFirstReplyDueAt: orNull(time),
    slaFirstReplyWarnAt: orNull(time),
    slaFirstReplyStatus: oneOf(SLA_STATUSES),
    slaResolveDueAt: orNull(time),
    slaResolveWarnAt: orNull(time),
    slaResolveStatus: oneOf(SLA_STATUSES),
    slaDueAt: orNull(time),
    slaNextAt: orNull(time),
    slaSettingsAt: time,
    unansweredToldFor: orNull(time),
    messageCount: count,
    noteCount: count,
    eventSeq: count,
    isTest: fc.boolean(),
    createdAt: time,
    updatedAt: time,
    version: count,
  })
  .map((ticket) => ({
    ...ticket,
    status: ticket.closedAt ? ('closed' as const) : ticket.status,
    tagKeys: ticket.tags.map(tagKey),
  }));

const anyMessage: fc.Arbitrary<Message> = fc.record({
  projectId: id,
  id,
  ticketId: id,
  seq: count,
  authorType: oneOf(AUTHOR_TYPES),
  authorId: orNull(id),
  authorName: orNull(text),
  text,
  internal: fc.boolean(),
  attachments: fc.array(fc.record({ id, kind: text, name: orNull(text), mime: orNull(text), size: orNull(fc.nat()) }), {
    maxLength: 2,
  }),
  deliveryStatus: oneOf(DELIVERY_STATUSES),
  createdAt: time,
});

describe('what the database renders', () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await createTestDatabase();
  });
  afterAll(() => db.drop());

  const query = <Row>(sql: string, values: unknown[]) => db.database.app.query<Row[]>(sql, values);

  it('of a ticket is what the record renders, and the row is read back as the record', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyTicket, { minLength: 1, maxLength: 20 }), async (tickets) => {
        const rows = await query<Record<string, unknown> & { payload: string }>(
          `SELECT ${TICKET_COLUMNS.map((column) => `t.${column}`).join(', ')}, ${TICKET_PAYLOAD_SQL}::text AS payload
           FROM json_populate_recordset(NULL::ticket, $1::json) t`,
          [JSON.stringify(tickets.map(toTicketRow))],
        );
        expect(rows.map((row) => JSON.parse(row.payload) as unknown)).toEqual(tickets.map(toTicketPayload));
        expect(rows.map(fromTicketRow)).toEqual(tickets);
      }),
      { numRuns: 40 },
    );
  });

  it('of a message is what the record renders', async () => {
    await fc.assert(
      fc.asyncProperty(anyMessage, async (message) => {
        const [row] = await query<{ payload: string }>(
          `SELECT ${MESSAGE_PAYLOAD_SQL}::text AS payload FROM (SELECT $1::uuid AS id, $2::uuid AS ticket_id, $3::text AS author_type,
             $4::uuid AS author_id, $5::text AS author_name, $6::text AS text, $7::boolean AS internal, $8::jsonb AS attachments,
             $9::text AS delivery_status, NULL::text AS delivery_error, 0 AS delivery_attempts,
             NULL::timestamptz AS delivery_sent_at, $10::timestamptz AS created_at, NULL::timestamptz AS edited_at) m`,
          [
            message.id,
            message.ticketId,
            message.authorType,
            message.authorId,
            message.authorName,
            message.text,
            message.internal,
            JSON.stringify(message.attachments),
            message.deliveryStatus,
            message.createdAt,
          ],
        );
        expect(JSON.parse(row?.payload ?? '')).toEqual(toMessagePayload(message));
      }),
      { numRuns: 100 },
    );
  });

  it('counts whole seconds, rounded down, over any length of time', async () => {
    const opened = new Date('2026-11-24T09:00:00.000Z');
    const cases = [0, 999, 1_000, 1_999, 3 * 365 * 86_400_000, 100 * 365 * 86_400_000];
    for (const ms of cases) {
      const [sample] = fc.sample(anyTicket, 1) as [Ticket];
      const closedAt = new Date(opened.getTime() + ms);
      const ticket: Ticket = { ...sample, id: randomUUID(), status: 'closed', createdAt: opened, closedAt };
      const [row] = await query<{ payload: { time_to_resolve_seconds: number } }>(
        `SELECT ${TICKET_PAYLOAD_SQL} AS payload FROM json_populate_record(NULL::ticket, $1::json) t`,
        [JSON.stringify(toTicketRow(ticket))],
      );
      expect(row?.payload.time_to_resolve_seconds).toBe(Math.floor(ms / 1000));
      expect(toTicketPayload(ticket).time_to_resolve_seconds).toBe(Math.floor(ms / 1000));
    }
  });
});
