import type { TicketPayload } from '#contracts';
import type { SlaReportPayload } from '../../../apps/config-api/src/sla-report/sla-report.presenter';
import { API } from '../../support/answers';
import { readEvents } from '../../support/read-events';
import type { TestProject } from '../../support/test-project';
import { startTestService } from '../../support/test-service';
import type { TestService } from '../../support/test-service';

const HOUR_MS = 3_600_000;
const NOTHING = { avg_seconds: null, median_seconds: null, p90_seconds: null, met: 0, breached: 0, pending: 0 };
const NOBODY_ASKED = {
  avg: null,
  count: 0,
  asked: 0,
  response_rate: null,
  distribution: { '1': 0, '2': 0, '3': 0, '4': 0, '5': 0 },
};

describe('the SLA report', () => {
  let service: TestService;
  let project: TestProject;

  beforeAll(async () => {
    service = await startTestService();
  });
  afterAll(() => service.close());
  beforeEach(async () => {
    project = await service.createProject();
  });

  const ask = (query: string, key = project.testKey) =>
    project.request<SlaReportPayload>('GET', `${API}/sla${query}`, { key });
  const report = async (query = '', key = project.testKey): Promise<SlaReportPayload> => {
    const answer = await ask(query, key);
    expect(answer.status).toBe(200);
    return answer.body;
  };
  const open = (fields: object = {}): Promise<TicketPayload> => project.createTicket({ ...fields }, project.testKey);
  const change = async (method: string, path: string, body: object): Promise<void> => {
    const answer = await project.request(method, `${API}/tickets/${path}`, { key: project.testKey, body });
    expect(answer.status).toBeLessThan(300);
  };
  const reply = (ticket: TicketPayload, fields: object = {}) =>
    change('POST', `${ticket.id}/reply`, { text: 'Hello', ...fields });

  const get = async ({ id }: TicketPayload): Promise<TicketPayload> =>
    (await project.request<TicketPayload>('GET', `${API}/tickets/${id}`, { key: project.testKey })).body;

  const counts = async (groupBy: string) =>
    (await report(`?group_by=${groupBy}`)).groups?.map(({ key, name, tickets }) => [
      key,
      name,
      tickets.created,
      tickets.closed,
    ]);

  it('of a project in which nothing has happened is all there, and empty', async () => {
    const empty = await report('', project.liveKey);
    expect(empty).toEqual({
      thresholds: { first_reply_hours: null, resolve_hours: null },
      period: { from: expect.any(String) as string, to: expect.any(String) as string },
      tickets: { created: 0, closed: 0 },
      first_reply: NOTHING,
      resolve: NOTHING,
      csat: NOBODY_ASKED,
    });
    expect(Date.parse(empty.period.to) - Date.parse(empty.period.from)).toBe(30 * 24 * HOUR_MS);
    expect((await report('?group_by=day', project.liveKey)).groups).toEqual([]);
  });

  it('tells how clocks were kept and how long it took, up to the latest change, and takes a close back', async () => {
    const wide = `?from=${new Date(Date.now() - HOUR_MS).toISOString()}&to=${new Date(Date.now() + 100 * HOUR_MS).toISOString()}`;
    await project.setThresholds({ firstReplyHours: 4, resolveHours: 10 });
    const [quick, slow] = [await open(), await open()];
    await project.advanceTestClock(1);
    await reply(quick);
    await project.advanceTestClock(2);
    await change('PATCH', `${quick.id}/status`, { status: 'closed' });
    const waiting = await open();
    await project.advanceTestClock(5);
    await readEvents(project, 9, project.testKey);
    await reply(slow);

    const { thresholds, tickets, first_reply, resolve } = await report(wide);
    expect(thresholds).toEqual({ first_reply_hours: 4, resolve_hours: 10 });
    expect(tickets).toEqual({ created: 3, closed: 1 });
    const [one, other] = [await get(quick), await get(slow)];
    const seconds = [one, other].map((ticket) => ticket.time_to_first_response_seconds as number);
    expect(first_reply).toEqual({
      avg_seconds: Math.round(((seconds[0] ?? 0) + (seconds[1] ?? 0)) / 2),
      median_seconds: Math.min(...seconds),
      p90_seconds: Math.max(...seconds),
      met: 1,
      breached: 2,
      pending: 0,
    });
    const resolved = one.time_to_resolve_seconds;
    const took = { avg_seconds: resolved, median_seconds: resolved, p90_seconds: resolved };
    expect(resolve).toEqual({ ...took, met: 1, breached: 0, pending: 2 });

    await change('PATCH', `${quick.id}/status`, { status: 'in_progress' });
    const after = await report(wide);
    expect(after.tickets).toEqual({ created: 3, closed: 0 });
    expect(after.resolve).toEqual({ ...NOTHING, pending: 3 });
    expect(waiting.sla.first_reply.status).toBe('pending');
  });

  it('counts from its beginning to before its end, by dates of the project’s zone or by times', async () => {
    await project.changeSettings({ timezone: 'Asia/Kolkata' });
    const ticket = await open();
    const createdAt = Date.parse(ticket.created_at);
    const created = async (from: number, to: number): Promise<number> =>
      (await report(`?from=${new Date(from).toISOString()}&to=${new Date(to).toISOString()}`)).tickets.created;
    expect(await created(createdAt, createdAt + 1)).toBe(1);
    expect(await created(createdAt - 1, createdAt)).toBe(0);
    expect(await created(createdAt + 1, createdAt + 2)).toBe(0);

    const date = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Kolkata' }).format(createdAt);
    const { tickets, period, groups } = await report(`?from=${date}&to=${date}&group_by=day`);
    expect(tickets.created).toBe(1);
    expect(period.from).toBe(new Date(Date.parse(`${date}T00:00:00Z`) - 5.5 * HOUR_MS).toISOString());
    expect(Date.parse(period.to) - Date.parse(period.from)).toBe(24 * HOUR_MS);
    expect(groups).toMatchObject([{ key: date, name: null, tickets: { created: 1, closed: 0 } }]);
  });

  it('is divided by agents, types and channels as tickets have them now', async () => {
    const [olga, type] = [await project.addMember({ name: 'Olga' }), await project.addTicketType({ name: 'Bug' })];
    const [mine, typed] = [await open(), await open({ ticket_type_id: type })];
    await open({ channel: 'telegram', chat_id: 7 });
    await change('PATCH', `${mine.id}/status`, { status: 'closed' });
    await change('PATCH', `${mine.id}/assign`, { assigned_to: olga });
    expect(await counts('agent')).toEqual([
      [olga, 'Olga', 1, 1],
      [null, null, 2, 0],
    ]);
    expect(await counts('ticket_type')).toEqual([
      [type, 'Bug', 1, 0],
      [null, null, 2, 1],
    ]);
    expect(await counts('channel')).toEqual([
      ['telegram', null, 1, 0],
      ['virtual', null, 2, 1],
    ]);
    await change('PATCH', typed.id, { ticket_type_id: null });
    expect(await counts('ticket_type')).toEqual([[null, null, 3, 1]]);
  });

  it('tells how customers rated, and which part of them did', async () => {
    await project.changeSettings({ csat_enabled: true });
    const asked = await Promise.all(Array.from({ length: 3 }, () => open()));
    for (const ticket of asked) {
      await change('PATCH', `${ticket.id}/status`, { status: 'closed' });
    }
    const [first, second] = asked as [TicketPayload, TicketPayload];
    await change('POST', `${first.id}/csat`, { rating: 5 });
    await change('POST', `${second.id}/csat`, { rating: 1 });
    await change('POST', `${second.id}/csat`, { rating: 4 });
    expect((await report()).csat).toEqual({
      avg: 4.5,
      count: 2,
      asked: 3,
      response_rate: 0.6667,
      distribution: { '1': 0, '2': 0, '3': 0, '4': 1, '5': 1 },
    });
  });

  it('is each side’s own, and empty after the test side was reset', async () => {
    const [live] = [await project.createTicket(), await open(), await open()];
    expect(live.is_test).toBe(false);
    expect((await report('', project.liveKey)).tickets.created).toBe(1);
    expect((await report()).tickets.created).toBe(2);
    await service.db.sql(
      `INSERT INTO report_day SELECT project_id, '2026-11-24', 'created', 0, '', '', '' FROM ticket_fact GROUP BY 1`,
    );
    expect((await project.request('POST', '/v1/test/reset', { key: project.testKey })).status).toBe(200);
    expect((await report()).tickets.created).toBe(0);
    const left = await service.db.sql(
      'SELECT project_id FROM ticket_fact WHERE project_id = $1 UNION ALL SELECT project_id FROM report_day WHERE project_id = $1',
      [project.testProjectId],
    );
    expect(left).toEqual([]);
    expect((await report('', project.liveKey)).tickets.created).toBe(1);
  });

  it.each([
    ['?from=yesterday', 'from', 'format'],
    ['?to=2026-02-31', 'to', 'format'],
    ['?from=2026-11-24T00:00:00Z&to=2026-11-24T00:00:00Z', 'to', 'min'],
    ['?from=2020-01-01&to=2026-01-01', 'from', 'min'],
    ['?from=9998-01-01', 'from', 'max'],
    ['?to=0001-01-01', 'to', 'min'],
    ['?from=9999-12-01&to=9999-12-31', 'from', 'max'],
    ['?group_by=priority', 'group_by', 'enum'],
    ['?since=2026-11-24', 'since', 'unknown_field'],
  ])('refuses %s', async (query, field, code) => {
    const answer = await ask(query);
    expect([answer.status, answer.body]).toMatchObject([
      400,
      { code: 'validation_failed', details: [{ field, code }] },
    ]);
  });
});
