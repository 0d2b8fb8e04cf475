import type { TicketPayload } from '#contracts';
import { API } from '../../support/answers';
import type { ErrorBody, EventListBody, PageBody, TicketListBody } from '../../support/answers';
import { endOfLog, StreamReaders } from '../../support/event-stream';
import { readEvents } from '../../support/read-events';
import type { TestProject } from '../../support/test-project';
import { startTestService } from '../../support/test-service';
import type { TestService } from '../../support/test-service';

describe('the live and the test side of a project', () => {
  let service: TestService;
  let project: TestProject;

  beforeAll(async () => {
    service = await startTestService();
  });
  afterEach(() => streams.closeAll());
  beforeEach(async () => {
    project = await service.createProject();
  });
  afterAll(() => service.close());

  const streams = new StreamReaders(() => ({ url: service.url, project }));
  const list = async (key: string) => (await project.request<TicketListBody>('GET', `${API}/tickets`, { key })).body;
  const reset = (key = project.testKey) => project.request<ErrorBody>('POST', '/v1/test/reset', { key });

  it('have their own tickets, numbers, subscribers and events', async () => {
    const live = await project.createTicket({ channel: 'telegram', chat_id: 1 });
    const test = await project.createTicket({ channel: 'telegram', chat_id: 1 }, project.testKey);
    expect([live.ticket_number, test.ticket_number]).toEqual([1, 1]);
    expect([live.is_test, test.is_test]).toEqual([false, true]);
    expect(test.subscriber_id).not.toBe(live.subscriber_id);
    expect((await list(project.liveKey)).tickets).toEqual([live]);
    expect((await list(project.testKey)).tickets).toEqual([test]);
    const [liveEvents, testEvents] = [await readEvents(project, 2), await readEvents(project, 2, project.testKey)];
    expect(liveEvents.map(({ data }) => data.ticket?.id)).toEqual([undefined, live.id]);
    expect(testEvents.map(({ data }) => data.ticket?.id)).toEqual([undefined, test.id]);
    for (const side of [project.liveKey, project.testKey]) {
      const { body } = await project.request<PageBody>('GET', `${API}/subscribers`, { key: side });
      expect(body.total).toBe(1);
    }
  });

  it('never reach each other’s tickets', async () => {
    const [live, test] = [await project.createTicket(), await project.createTicket({}, project.testKey)];
    const attempts: Array<[string, string, object?]> = [
      ['GET', ''],
      ['GET', '/messages'],
      ['GET', '/history'],
      ['POST', '/reply', { text: 'x' }],
      ['POST', '/customer-reply', { text: 'x' }],
      ['PATCH', '/status', { status: 'closed' }],
      ['PATCH', '/assign', {}],
      ['PATCH', '/priority', { priority: 'low' }],
      ['PATCH', '', { subject: 'x' }],
    ];
    for (const [id, key] of [
      [live.id, project.testKey],
      [test.id, project.liveKey],
    ] as const) {
      for (const [method, what, body] of attempts) {
        const answer = await project.request<ErrorBody>(method, `${API}/tickets/${id}${what}`, { key, body });
        expect([method, what, answer.status, answer.body.code]).toEqual([method, what, 404, 'ticket_not_found']);
      }
    }
    expect((await list(project.liveKey)).tickets).toEqual([live]);
    expect((await list(project.testKey)).tickets).toEqual([test]);
  });

  it('share the configuration: types, members, canned responses, and whether the helpdesk is on', async () => {
    const [type, agent, canned] = [
      await project.addTicketType(),
      await project.addMember(),
      await project.addCannedResponse(),
    ];
    const { id } = await project.createTicket({ ticket_type_id: type }, project.testKey);
    const options = { key: project.testKey };
    const assigned = await project.request<TicketPayload>('PATCH', `${API}/tickets/${id}/assign`, {
      ...options,
      body: { assigned_to: agent },
    });
    expect(assigned.body).toMatchObject({ assigned_to: agent, ticket_type_id: type });
    const body = { text: 'x', agent_id: agent, canned_response_id: canned };
    expect((await project.request('POST', `${API}/tickets/${id}/reply`, { ...options, body })).status).toBe(201);
    const [row] = await service.db.sql('SELECT used_count FROM canned_response WHERE id = $1', [canned]);
    expect(row).toEqual({ used_count: 0 });
    await project.changeSettings({ helpdesk_enabled: false });
    const refused = await project.request<ErrorBody>('POST', `${API}/tickets`, { ...options, body: { text: 'x' } });
    expect(refused.body.code).toBe('helpdesk_disabled');
  });

  it('differ in that nothing leaves the test side', async () => {
    const deliveries = [];
    for (const key of [project.liveKey, project.testKey]) {
      const { id } = await project.createTicket({ channel: 'max', chat_id: 1 }, key);
      const answer = await project.request<{ delivery: { status: string } }>('POST', `${API}/tickets/${id}/reply`, {
        key,
        body: { text: 'Hello' },
      });
      deliveries.push(answer.body.delivery.status);
    }
    expect(deliveries).toEqual(['queued', 'simulated']);
  });

  describe('POST /v1/test/reset', () => {
    it('empties the test side, whose numbers begin at 1 again, and leaves the live side alone', async () => {
      const live = await project.createTicket({ channel: 'telegram', chat_id: 1 });
      const { id } = await project.createTicket({ channel: 'telegram', chat_id: 1 }, project.testKey);
      const key = project.testKey;
      await project.request('POST', `${API}/tickets/${id}/reply`, { key, body: { text: 'x' } });
      const before = await readEvents(project, 3, key);
      expect((await reset()).status).toBe(200);
      expect((await list(key)).tickets).toEqual([]);
      expect((await project.request<PageBody>('GET', `${API}/subscribers`, { key })).body.total).toBe(0);
      expect((await project.request(`GET`, `${API}/tickets/${id}`, { key })).status).toBe(404);
      expect((await list(project.liveKey)).tickets).toEqual([live]);
      const again = await project.createTicket({}, key);
      expect(again.ticket_number).toBe(1);
      const after = await readEvents(project, 1, key);
      expect(after.map(({ data }) => data.ticket?.id)).toEqual([again.id]);
      const old = `${API}/events?after=${before[0]?.cursor}`;
      expect((await project.request<ErrorBody>('GET', old, { key })).body.code).toBe('cursor_expired');
    });

    it('ends the place of every reader, those at the end and in a stream among them; the live side’s readers stay', async () => {
      const key = project.testKey;
      await project.createTicket({}, key);
      await readEvents(project, 1, key);
      await project.createTicket();
      await readEvents(project, 1);
      const ends = { test: await endOfLog(project, key), live: await endOfLog(project) };
      const [test, live] = [await streams.openLive({ key }), await streams.openLive()];

      await reset();
      const told = (await test.messages(1))[0];
      expect(told).toMatchObject({ event: 'reset', id: await endOfLog(project, key) });
      const old = await project.request<ErrorBody>('GET', `${API}/events?after=${ends.test}`, { key });
      expect([old.status, old.body.code]).toEqual([410, 'cursor_expired']);
      const resumed = await streams.openLive({ key, lastEventId: ends.test });
      expect(await resumed.messages(1)).toEqual([told]);

      const again = await project.createTicket({}, key);
      const [event] = await readEvents(project, 1, key);
      for (const stream of [test, resumed]) {
        expect(await stream.messages(1)).toMatchObject([
          { event: 'ticket.created', id: event?.cursor, data: { ticket_id: again.id } },
        ]);
      }
      const after = await project.request<EventListBody>('GET', `${API}/events?after=${told?.id}`, { key });
      expect(after.body.events).toEqual([event]);
      await project.createTicket();
      expect(await live.messages(1)).toMatchObject([{ event: 'ticket.created' }]);
      const unharmed = await project.request<EventListBody>('GET', `${API}/events?after=${ends.live}`);
      expect(unharmed.body.events).toHaveLength(1);
    });

    it('is not for live keys', async () => {
      await project.createTicket();
      const { status, body } = await reset(project.liveKey);
      expect([status, body.code]).toEqual([403, 'forbidden']);
      expect((await list(project.liveKey)).total).toBe(1);
    });

    it('takes no fields', async () => {
      const { status, body } = await project.request<ErrorBody>('POST', '/v1/test/reset', {
        key: project.testKey,
        body: { everything: true },
      });
      expect([status, body.details?.[0]]).toMatchObject([400, { field: 'everything', code: 'unknown_field' }]);
    });

    it('may come at any moment: what is under way finishes before, or finds an empty side', async () => {
      const key = project.testKey;
      const { id } = await project.createTicket({}, key);
      await project.changeSettings({ reopen_policy: 'new' });
      await project.request('PATCH', `${API}/tickets/${id}/status`, { key, body: { status: 'closed' } });
      const work = Array.from({ length: 40 }, (_, n) => {
        if (n % 10 === 5) {
          return reset();
        }
        return n % 2
          ? project.request('POST', `${API}/tickets`, { key, body: { text: `${n}`, external_id: `c${n % 3}` } })
          : project.request('POST', `${API}/tickets/${id}/customer-reply`, { key, body: { text: `${n}` } });
      });
      const statuses = (await Promise.all(work)).map(({ status }) => status);
      expect(statuses.filter((status) => ![200, 201, 404].includes(status))).toEqual([]);
      await reset();
      expect((await project.createTicket({}, key)).ticket_number).toBe(1);
    });
  });
});
