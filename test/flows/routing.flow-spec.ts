import type { TicketMessageEventData, TicketPayload, TicketRoutingPayload } from '#contracts';
import { UnitOfWork } from '#database';
import { RemoveMember } from '#projects';
import { RouteTicket } from '#routing';
import { createTestDatabase } from '#testing';
import type { TestDatabase } from '#testing';
import { RoutingEngineModule } from '../../apps/routing-engine/src/routing-engine.module';
import { API } from '../support/answers';
import type { ErrorBody, HistoryListBody } from '../support/answers';
import { eventually } from '../support/eventually';
import { readEvents } from '../support/read-events';
import type { TestProject } from '../support/test-project';
import { startTestService } from '../support/test-service';
import type { TestService } from '../support/test-service';

let db: TestDatabase;
let services: TestService[];
let project: TestProject;

beforeEach(async () => {
  db = await createTestDatabase();
  services = [];
  project = await (await start({ withEngine: true })).createProject();
});
afterEach(async () => {
  await stop();
  await db.drop();
});

async function start({ withEngine }: { readonly withEngine: boolean }): Promise<TestService> {
  const service = await startTestService({ db, modules: withEngine ? [RoutingEngineModule] : [] });
  services.push(service);
  return service;
}

async function stop(): Promise<void> {
  await Promise.all(services.splice(0).map((service) => service.close()));
}

/** Does something to tickets while no routing engine runs, and then lets it run. */
async function beforeRouting<T>(work: (at: string) => Promise<T>): Promise<T> {
  await stop();
  const { url } = await start({ withEngine: false });
  const result = await work(url);
  await start({ withEngine: true });
  return result;
}

const currentUrl = (): string => services.at(-1)?.url ?? '';

async function get<Body>(path: string, key = project.liveKey): Promise<Body> {
  const { status, body } = await project.request<Body>('GET', `${API}${path}`, { key, at: currentUrl() });
  expect(status).toBe(200);
  return body;
}

const ticketOf = async (id: string, key?: string) => get<TicketPayload>(`/tickets/${id}`, key);
const routingOf = async (id: string, key?: string) => get<TicketRoutingPayload>(`/tickets/${id}/routing`, key);
const historyOf = async (id: string) => (await get<HistoryListBody>(`/tickets/${id}/history`)).history;

async function routed(id: string, key?: string): Promise<TicketRoutingPayload> {
  return eventually(async () => {
    const routing = await routingOf(id, key);
    expect(routing.evaluated_at).not.toBeNull();
    return routing;
  });
}

async function opened(fields: object, { at = currentUrl(), key = project.liveKey } = {}): Promise<TicketPayload> {
  const answer = await project.request<TicketPayload>('POST', `${API}/tickets`, {
    at,
    key,
    body: { text: 'Help', ...fields },
  });
  expect(answer.status).toBe(201);
  return answer.body;
}

test('the first rule that matches does all that it says, and the ticket explains why', async () => {
  const agent = await project.addMember();
  const second = await project.addRoutingRule({
    name: 'Everybody virtual',
    condition: { channel: 'virtual' },
    action: { set_priority: 'low', add_tag: 'virtual' },
    order_index: 2,
  });
  await project.addRoutingRule({ condition: { channel: 'virtual' }, order_index: 0, enabled: false });
  const first = await project.addRoutingRule({
    name: 'Refunds',
    condition: { text_contains: ['ВОЗВРАТ', 'refund'], subject_contains: 'order' },
    action: { assign_to: agent, set_priority: 'high', add_tag: ['refund', 'VIP'] },
    order_index: 1,
  });
  const ticket = await opened({ subject: 'My ORDER', text: 'Нужен возврат денег' });
  const routing = await routed(ticket.id);
  expect(routing).toEqual({
    evaluated_at: routing.evaluated_at,
    winner_rule_id: first,
    rules: [
      {
        rule_id: first,
        name: 'Refunds',
        matched: true,
        conditions: [
          { key: 'subject_contains', expected: 'order', actual: 'My ORDER', matched: true },
          { key: 'text_contains', expected: ['ВОЗВРАТ', 'refund'], actual: 'Нужен возврат денег', matched: true },
        ],
      },
      {
        rule_id: second,
        name: 'Everybody virtual',
        matched: true,
        conditions: [{ key: 'channel', expected: 'virtual', actual: 'virtual', matched: true }],
      },
    ],
    applied: [
      { action: 'assign_to', value: agent, done: true, reason: null },
      { action: 'set_priority', value: 'high', done: true, reason: null },
      { action: 'add_tag', value: ['refund', 'VIP'], done: true, reason: null },
    ],
  });
  expect(await ticketOf(ticket.id)).toMatchObject({
    assigned_to: agent,
    priority: 'high',
    tags: ['refund', 'VIP'],
    status: 'new',
    version: 2,
  });

  const actor = { type: 'rule', id: first, name: 'Refunds' };
  expect((await historyOf(ticket.id)).slice(1).map((line) => [line.action, line.actor, line.field, line.to])).toEqual([
    ['assigned', actor, 'assigned_to', agent],
    ['priority_changed', actor, 'priority', 'high'],
    ['tags_changed', actor, 'tags', ['refund', 'VIP']],
  ]);
  const events = (await readEventsHere(4)).slice(1);
  expect(events.map(({ event, sequence, data }) => [event, sequence, data.ticket?.version, data.actor])).toEqual([
    ['ticket.assigned', 2, 2, actor],
    ['ticket.priority_changed', 3, 2, actor],
    ['ticket.tags_changed', 4, 2, actor],
  ]);
});

async function readEventsHere(atLeast: number) {
  return readEvents(project, atLeast);
}

test('a ticket that no rule matches, or for which there is none, stays as it was', async () => {
  const alone = await opened({});
  expect(await routed(alone.id)).toMatchObject({ winner_rule_id: null, rules: [], applied: [] });
  const rule = await project.addRoutingRule({ condition: { text_contains: 'refund' } });
  const other = await opened({});
  expect(await routed(other.id)).toMatchObject({
    winner_rule_id: null,
    rules: [{ rule_id: rule, matched: false, conditions: [{ actual: 'Help', matched: false }] }],
    applied: [],
  });
  for (const { id } of [alone, other]) {
    expect(await ticketOf(id)).toMatchObject({ version: 1, priority: 'normal', tags: [], assigned_to: null });
    expect(await historyOf(id)).toHaveLength(1);
  }
});

test('the test side is routed by the live project’s rules, each side its own tickets', async () => {
  const rule = await project.addRoutingRule({ condition: { channel: 'virtual' }, action: { add_tag: 'routed' } });
  const ticket = await opened({}, { key: project.testKey });
  expect(await routed(ticket.id, project.testKey)).toMatchObject({ winner_rule_id: rule });
  expect(await ticketOf(ticket.id, project.testKey)).toMatchObject({ tags: ['routed'], version: 2, is_test: true });
  const foreign = await project.request<ErrorBody>('GET', `${API}/tickets/${ticket.id}/routing`);
  expect([foreign.status, foreign.body.code]).toEqual([404, 'ticket_not_found']);
  const reset = await project.request('POST', '/v1/test/reset', { key: project.testKey });
  expect(reset.status).toBe(200);
  expect(await db.sql('SELECT FROM ticket_routing WHERE project_id = $1', [project.testProjectId])).toEqual([]);
});

test('a person’s assignment stays, whatever the rule says, and the rule does the rest', async () => {
  const [person, agent] = [await project.addMember(), await project.addMember({ name: 'Pavel' })];
  const rule = await project.addRoutingRule({
    condition: { channel: 'virtual' },
    action: { assign_to: agent, set_priority: 'urgent' },
  });
  const { id } = await beforeRouting(async (at) => {
    const ticket = await opened({}, { at });
    expect(await routingOf(ticket.id)).toEqual({ evaluated_at: null, winner_rule_id: null, rules: [], applied: [] });
    const body = { assigned_to: person };
    const assigned = await project.request('PATCH', `${API}/tickets/${ticket.id}/assign`, { at, body });
    expect(assigned.status).toBe(200);
    return ticket;
  });
  expect((await routed(id)).applied).toEqual([
    { action: 'assign_to', value: agent, done: false, reason: 'already_assigned' },
    { action: 'set_priority', value: 'urgent', done: true, reason: null },
  ]);
  expect(await ticketOf(id)).toMatchObject({ assigned_to: person, priority: 'urgent', version: 3 });
  expect((await historyOf(id)).at(2)).toMatchObject({
    action: 'rule_action_skipped',
    actor: { type: 'rule', id: rule },
    field: 'assigned_to',
    from: null,
    to: { value: agent, reason: 'already_assigned' },
  });
});

test('a member who has left is not assigned, which history and explanation say, and the rule does the rest', async () => {
  const agent = await project.addMember();
  await project.addRoutingRule({ condition: { channel: 'virtual' }, action: { assign_to: agent, add_tag: 'x' } });
  await services[0]?.service.app.get(RemoveMember, { strict: false }).execute(agent);
  const { id } = await opened({});
  expect((await routed(id)).applied).toEqual([
    { action: 'assign_to', value: agent, done: false, reason: 'agent_not_found' },
    { action: 'add_tag', value: 'x', done: true, reason: null },
  ]);
  expect(await ticketOf(id)).toMatchObject({ assigned_to: null, tags: ['x'], version: 2 });
  expect((await historyOf(id)).map(({ action }) => action)).toEqual(['created', 'rule_action_skipped', 'tags_changed']);
});

test('a rule that can do nothing at all leaves its word in the history and the version as it is', async () => {
  const agent = await project.addMember();
  await project.addRoutingRule({ condition: { channel: 'virtual' }, action: { assign_to: agent } });
  await services[0]?.service.app.get(RemoveMember, { strict: false }).execute(agent);
  const { id } = await opened({});
  await routed(id);
  expect(await ticketOf(id)).toMatchObject({ version: 1, assigned_to: null });
  expect((await historyOf(id)).map(({ action }) => action)).toEqual(['created', 'rule_action_skipped']);
  expect((await readEventsHere(1)).map(({ event }) => event)).toEqual(['ticket.created']);
});

test('an explanation keeps the rule as it was, and a rule that has changed since routes nothing again', async () => {
  const rule = await project.addRoutingRule({
    name: 'As it was',
    condition: { text_contains: 'help' },
    action: { set_priority: 'low' },
  });
  const { id } = await opened({});
  const before = await routed(id);
  const at = `${API}/routing-rules/${rule}`;
  const body = { name: 'Otherwise', condition: { channel: 'max' }, action: { set_priority: 'urgent' } };
  expect((await project.request('PUT', at, { body })).status).toBe(200);
  expect(await routingOf(id)).toEqual(before);
  expect((await project.request('DELETE', at)).status).toBe(204);
  expect(await routingOf(id)).toEqual(before);
  expect(before).toMatchObject({ winner_rule_id: rule, rules: [{ name: 'As it was' }] });
});

test('an event that comes again, long after it was handled, changes nothing', async () => {
  await project.addRoutingRule({ condition: { channel: 'virtual' }, action: { set_priority: 'high', add_tag: 'x' } });
  const ticket = await opened({});
  const before = await routed(ticket.id);
  const changed = await project.request('PATCH', `${API}/tickets/${ticket.id}/priority`, { body: { priority: 'low' } });
  expect(changed.status).toBe(200);
  // What the consumer does with an event, past the inbox, which forgets events after some weeks.
  const { app } = (services[0] as TestService).service;
  const [created] = await readEventsHere(1);
  await app
    .get(UnitOfWork, { strict: false })
    .run(project.scope, (tx) =>
      app.get(RouteTicket, { strict: false }).execute(tx, created?.data as TicketMessageEventData),
    );
  expect(await routingOf(ticket.id)).toEqual(before);
  expect(await ticketOf(ticket.id)).toMatchObject({ priority: 'low', version: 3 });
});

test('while the helpdesk is off a ticket is not routed, later neither', async () => {
  await project.addRoutingRule({ condition: { channel: 'virtual' }, action: { set_priority: 'high' } });
  const { id } = await beforeRouting(async (at) => {
    const ticket = await opened({}, { at });
    await setHelpdeskEnabled(false, at);
    return ticket;
  });
  // Events of one consumer may overtake one another, so the engine is known to be through when none of its waits.
  await eventually(async () => expect(await waiting()).toBe(0));
  await setHelpdeskEnabled(true, currentUrl());
  const next = await opened({});
  await routed(next.id);
  expect(await routingOf(id)).toMatchObject({ evaluated_at: null });
  expect(await ticketOf(id)).toMatchObject({ priority: 'normal', version: 1 });
});

async function setHelpdeskEnabled(helpdesk_enabled: boolean, at: string): Promise<void> {
  const body = { helpdesk_enabled };
  expect((await project.request('PUT', `${API}/settings`, { at, body })).status).toBe(200);
}

/** Events that the routing engine has not marked as handled. */
async function waiting(): Promise<number> {
  const [row] = await db.sql<{ count: number }>(
    `SELECT count(*)::int AS count FROM outbox o WHERE o.type = 'ticket.created' AND NOT EXISTS
       (SELECT FROM inbox i WHERE i.event_id = o.event_id AND i.consumer = 'routing-engine.route-ticket')`,
  );
  return row?.count ?? -1;
}
