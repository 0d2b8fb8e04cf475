import type { TicketPayload } from '#contracts';
import { createTestDatabase } from '#testing';
import type { TestDatabase } from '#testing';
import { eventually } from '../support/eventually';
import { LedgerModule } from '../support/ledger/ledger.module';
import { createLedger, LEDGER_CONSUMERS } from '../support/ledger/ledger-table';
import type { TestProject } from '../support/test-project';
import { startTestService } from '../support/test-service';
import type { TestService } from '../support/test-service';

interface EventsPage {
  readonly events: ReadonlyArray<{
    readonly id: string;
    readonly cursor: string;
    readonly event: string;
    readonly sequence: number;
    readonly data: { readonly ticket?: TicketPayload };
  }>;
  readonly next_cursor: string;
  readonly has_more: boolean;
}

type LoggedEvent = EventsPage['events'][number];

const TICKETS = '/v1/helpdesk/tickets';
const WRITERS = 24;
const TICKETS_PER_WRITER = 4;
const REPLIES_PER_TICKET = 3;

let db: TestDatabase;
let services: readonly TestService[];
let project: TestProject;

/** Two services on one database, each with the ledger's consumers; requests go to either. */
beforeEach(async () => {
  db = await createTestDatabase();
  await createLedger(db);
  const options = { db, modules: [LedgerModule], env: { DATABASE_POOL_SIZE: '8' } };
  services = [await startTestService(options), await startTestService(options)];
  project = await (services[0] as TestService).createProject();
});
afterEach(async () => {
  await Promise.all(services.map((service) => service.close()));
  await db.drop();
});

test('what happens to a ticket reaches every consumer and the event log, once and in order', async () => {
  const { id } = await project.createTicket({ text: 'The payment failed', channel: 'virtual' });
  await post(0, `${TICKETS}/${id}/reply`, { text: 'We look into it' });
  await post(1, `${TICKETS}/${id}/reply`, { text: 'Ask the bank', internal: true });
  await post(0, `${TICKETS}/${id}/reply`, { text: 'It is mended', status: 'closed' });
  await post(1, `${TICKETS}/${id}/customer-reply`, { text: 'It is not' });

  const expected = [
    'ticket.created',
    'ticket.replied',
    'ticket.status_changed',
    'ticket.note_added',
    'ticket.replied',
    'ticket.status_changed',
    'ticket.closed',
    'ticket.replied',
    'ticket.status_changed',
    'ticket.reopened',
  ];
  await eventually(async () => expect((await readPage()).events).toHaveLength(expected.length));
  const { events } = await readPage();
  expect(events.map(({ event }) => event)).toEqual(expected);
  expect(events.map(({ sequence }) => sequence)).toEqual(expected.map((_, index) => index + 1));
  for (const consumer of LEDGER_CONSUMERS) {
    await eventually(async () => expect(await effectsOf(consumer)).toEqual(events.map((event) => event.id)));
  }
});

test('50 tickets that are opened at the same moment through two services get the numbers 1 to 50', async () => {
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, index) => post(index % 2, TICKETS, { text: `Help ${index}` })),
  );
  const numbers = answers.map(({ ticket_number }) => ticket_number).toSorted((a, b) => a - b);
  expect(numbers).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
});

test('a reader who follows the cursors while 24 writers commit misses nothing, sees nothing twice, and each ticket in order', async () => {
  let isWriting = true;
  const writing = Promise.all(Array.from({ length: WRITERS }, (_, index) => writeTickets(index))).finally(() => {
    isWriting = false;
  });
  const seen = await followLog(() => isWriting);
  await writing;

  const stored = await db.sql<{ event_id: string }>('SELECT event_id FROM outbox');
  expect(seen.map(({ id }) => id).toSorted()).toEqual(stored.map(({ event_id }) => event_id).toSorted());
  const sequences = new Map<string, number[]>();
  for (const { data, sequence } of seen) {
    const ticket = (data.ticket as TicketPayload).id;
    sequences.set(ticket, [...(sequences.get(ticket) ?? []), sequence]);
  }
  expect(sequences.size).toBe(WRITERS * TICKETS_PER_WRITER);
  for (const ofTicket of sequences.values()) {
    expect(ofTicket).toEqual(ofTicket.map((_, index) => index + 1));
  }
});

async function post(service: number, path: string, body: object): Promise<TicketPayload> {
  const answer = await project.request<TicketPayload>('POST', path, { body, at: services[service]?.url });
  expect(answer.status).toBe(201);
  return answer.body;
}

async function readPage(after?: string): Promise<EventsPage> {
  const path = `/v1/helpdesk/events?limit=20${after === undefined ? '' : `&after=${encodeURIComponent(after)}`}`;
  const answer = await project.request<EventsPage>('GET', path);
  expect(answer.status).toBe(200);
  return answer.body;
}

/** The events that a consumer has put into the ledger, in that order. */
async function effectsOf(consumer: string): Promise<string[]> {
  const rows = await db.sql<{ event_id: string }>('SELECT event_id FROM ledger WHERE consumer = $1 ORDER BY place', [
    consumer,
  ]);
  return rows.map(({ event_id }) => event_id);
}

/** Opens tickets and answers them, through both services in turn. */
async function writeTickets(writer: number): Promise<void> {
  for (let count = 0; count < TICKETS_PER_WRITER; count++) {
    const { id } = await post((writer + count) % 2, TICKETS, { text: 'Help' });
    for (let reply = 0; reply < REPLIES_PER_TICKET; reply++) {
      await post((writer + reply) % 2, `${TICKETS}/${id}/reply`, { text: `Answer ${reply}` });
    }
  }
}

/** Reads page after page, from the oldest event to the last one of the last writer. */
async function followLog(isWriting: () => boolean): Promise<LoggedEvent[]> {
  const seen: LoggedEvent[] = [];
  let cursor: string | undefined;
  for (;;) {
    const mayGrow = isWriting() || (await isAnyUnpositioned());
    const page: EventsPage = await readPage(cursor);
    seen.push(...page.events);
    cursor = page.next_cursor;
    if (!mayGrow && !page.has_more) {
      return seen;
    }
  }
}

async function isAnyUnpositioned(): Promise<boolean> {
  return (await db.sql('SELECT FROM outbox WHERE position IS NULL LIMIT 1')).length > 0;
}
