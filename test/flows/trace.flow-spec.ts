import type { TicketPayload } from '#contracts';
import { createTestDatabase } from '#testing';
import type { TestDatabase } from '#testing';
import { eventually } from '../support/eventually';
import { LedgerModule } from '../support/ledger/ledger.module';
import { createLedger, LEDGER_CONSUMERS } from '../support/ledger/ledger-table';
import type { TestProject } from '../support/test-project';
import { startTestService } from '../support/test-service';
import type { TestService } from '../support/test-service';

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const TRACEPARENT = `00-${TRACE_ID}-00f067aa0ba902b7-01`;
const TICKETS = '/v1/helpdesk/tickets';

interface OutboxRow {
  readonly traceparent: string | null;
  readonly body: string;
}

let db: TestDatabase;
let service: TestService;
let project: TestProject;

beforeAll(async () => {
  db = await createTestDatabase();
  await createLedger(db);
  service = await startTestService({ db, modules: [LedgerModule] });
});
beforeEach(async () => {
  project = await service.createProject();
});
afterAll(async () => {
  await service.close();
  await db.drop();
});

test('a caller’s trace goes with the event into the outbox, to the consumers and into the log', async () => {
  const headers = { traceparent: TRACEPARENT };
  const opened = await post(TICKETS, { text: 'Help', channel: 'telegram', chat_id: 7 }, headers);
  await post(`${TICKETS}/${opened.id}/reply`, { text: 'Here it is' }, headers);
  const events = await eventsOf(project);
  // subscription.created, ticket.created, ticket.replied, ticket.status_changed
  expect(events.map(({ traceparent }) => traceparent)).toEqual(Array<string>(4).fill(TRACEPARENT));
  for (const { body } of events) {
    expect(JSON.parse(body)).toMatchObject({ traceparent: TRACEPARENT });
  }
  await eventually(async () => {
    for (const consumer of LEDGER_CONSUMERS) {
      const bodies = await bodiesOf(consumer);
      expect(bodies.map(({ traceparent }) => traceparent)).toEqual(Array<string>(4).fill(TRACEPARENT));
    }
    const traced = linesWithTrace().map(({ event }) => event);
    for (const line of ['http.request', 'ledger.began', 'event.consumed']) {
      expect(traced).toContain(line);
    }
  });
});

test('creates that are stored together keep each the trace of its own request', async () => {
  const traces = Array.from({ length: 8 }, (_, n) => `00-${TRACE_ID}-00f067aa0ba902b${n}-01`);
  await Promise.all(traces.map((traceparent) => post(TICKETS, { text: traceparent }, { traceparent })));
  for (const { body } of await eventsOf(project)) {
    const { traceparent, data } = JSON.parse(body) as EventBody;
    expect(traceparent).toBe(data.message.text);
  }
});

test.each(['nonsense', `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`])(
  'without a trace, or with %s, there is none',
  async (traceparent) => {
    await post(TICKETS, { text: 'Help' }, { traceparent });
    const [event] = await eventsOf(project);
    expect(event?.traceparent).toBeNull();
    expect(event?.body).not.toContain('traceparent');
  },
);

interface EventBody {
  readonly traceparent?: string;
  readonly data: { readonly message: { readonly text: string } };
}

async function post(path: string, body: object, headers: Record<string, string>): Promise<TicketPayload> {
  const answer = await project.request<TicketPayload>('POST', path, { body, headers });
  expect(answer.status).toBe(201);
  return answer.body;
}

async function eventsOf({ projectId }: TestProject): Promise<OutboxRow[]> {
  return db.sql<OutboxRow>('SELECT traceparent, body FROM outbox WHERE project_id = $1 ORDER BY id', [projectId]);
}

async function bodiesOf(consumer: string): Promise<EventBody[]> {
  const rows = await db.sql<{ body: string }>('SELECT body FROM ledger WHERE consumer = $1 AND project_id = $2', [
    consumer,
    project.projectId,
  ]);
  return rows.map(({ body }) => JSON.parse(body) as EventBody);
}

function linesWithTrace(): ReadonlyArray<{ readonly event?: string; readonly trace_id?: string }> {
  return service.logs
    .map((line) => JSON.parse(line) as { readonly event?: string; readonly trace_id?: string })
    .filter(({ trace_id }) => trace_id === TRACE_ID);
}
