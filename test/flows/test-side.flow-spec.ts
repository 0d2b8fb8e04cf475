import type { TicketPayload } from '#contracts';
import { DeadDeliveries } from '#messaging';
import { createTestDatabase } from '#testing';
import type { TestDatabase } from '#testing';
import { RoutingEngineModule } from '../../apps/routing-engine/src/routing-engine.module';
import { API } from '../support/answers';
import type { ErrorBody, TicketListBody } from '../support/answers';
import { eventually } from '../support/eventually';
import { readEvents } from '../support/read-events';
import type { TestProject } from '../support/test-project';
import { startTestService } from '../support/test-service';
import type { TestService } from '../support/test-service';

const ROUNDS = 3;

let db: TestDatabase;
let services: TestService[];
let project: TestProject;

beforeAll(async () => {
  db = await createTestDatabase();
  services = [];
  for (let n = 0; n < 2; n++) {
    services.push(await startTestService({ db, modules: [RoutingEngineModule] }));
  }
  project = await (services[0] as TestService).createProject();
  await project.addRoutingRule({ action: { add_tag: 'routed', set_priority: 'urgent' } });
  await project.changeSettings({ reopen_policy: 'new', helpdesk_unanswered_hours: 12, sla_first_reply_hours: 5 });
});
afterAll(async () => {
  await Promise.all(services.map((service) => service.close()));
  await db.drop();
});

const addressOf = (n: number) => services[n % services.length]?.url;

async function send<Body = ErrorBody>(n: number, method: string, path: string, body?: unknown) {
  return project.request<Body>(method, path, { key: project.testKey, at: addressOf(n), body });
}

/** A ticket's life on the test side, which may end at any step because the side is emptied. */
async function live(n: number): Promise<number[]> {
  const body = { text: `${n}`, external_id: `customer-${n % 3}` };
  const opened = await send<TicketPayload>(n, 'POST', `${API}/tickets`, body);
  const ticket = `${API}/tickets/${opened.body.id}`;
  const answers = [
    opened,
    await send(n + 1, 'POST', `${ticket}/reply`, { text: 'Hello' }),
    await send(n, 'POST', '/v1/test/clock', { advance_seconds: 4 * 3_600 }),
    await send(n, 'PATCH', `${ticket}/status`, { status: 'closed' }),
    await send(n + 1, 'POST', `${ticket}/customer-reply`, { text: 'And one thing more' }),
    await send(n, 'GET', `${API}/events`),
  ];
  return answers.map(({ status }) => status);
}

/** Rows of the test side, in whatever table. */
async function rowsLeft(): Promise<Record<string, number>> {
  const tables = await db.sql<{ name: string }>(
    `SELECT tablename AS name FROM pg_policies WHERE policyname = 'own_project' AND qual LIKE '%app.project_id%'
       AND tablename NOT IN ('project', 'ticket_counter', 'event_log_head', 'rate_limit')`,
  );
  const counts = await Promise.all(
    tables.map(async ({ name }): Promise<[string, number]> => {
      const rows = await db.sql(`SELECT FROM ${name} WHERE project_id = $1`, [project.testProjectId]);
      return [name, rows.length];
    }),
  );
  return Object.fromEntries(counts.filter(([, count]) => count > 0));
}

test('a test side that is emptied while everything is under way is empty, and begins anew', async () => {
  const statuses = new Set<number>();
  for (let round = 0; round < ROUNDS; round++) {
    const lives = Array.from({ length: 8 }, (_, n) => live(n));
    const resets = [0, 1].map(async (n) => [(await send(n, 'POST', '/v1/test/reset')).status]);
    (await Promise.all([...lives, ...resets])).flat().forEach((status) => statuses.add(status));
  }
  expect([...statuses].filter((status) => ![200, 201, 404].includes(status))).toEqual([]);

  expect((await send(0, 'POST', '/v1/test/reset')).status).toBe(200);
  // What the consumers had in hand is let go as soon as they come to it.
  await eventually(async () => expect(await rowsLeft()).toEqual({}));
  const [service] = services as [TestService];
  expect(await service.service.app.get(DeadDeliveries, { strict: false }).list({ limit: 10 })).toEqual([]);

  const opened = await send<TicketPayload>(0, 'POST', `${API}/tickets`, { text: 'Anew' });
  expect([opened.status, opened.body.ticket_number]).toEqual([201, 1]);
  const events = await readEvents(project, 3, project.testKey);
  expect(events.map(({ event, data }) => [event, data.ticket?.id])).toEqual([
    ['ticket.created', opened.body.id],
    ['ticket.priority_changed', opened.body.id],
    ['ticket.tags_changed', opened.body.id],
  ]);
  expect((await send<TicketListBody>(1, 'GET', `${API}/tickets`)).body.tickets.map(({ id }) => id)).toEqual([
    opened.body.id,
  ]);
});
