import { randomUUID } from 'node:crypto';
import { API } from '../../support/answers';
import type { ErrorBody, TicketDetailsBody } from '../../support/answers';
import { eventually } from '../../support/eventually';
import { readEvents } from '../../support/read-events';
import type { TestProject } from '../../support/test-project';
import { startTestService } from '../../support/test-service';
import type { TestService } from '../../support/test-service';

const YEAR = 31_536_000;
const HOUR = 3_600;

interface ClockBody {
  readonly now: string;
  readonly offset_seconds: number;
}

/** Seconds from the real time to one that the product told, give or take the length of a test. */
const secondsAhead = (time: string): number => (Date.parse(time) - Date.now()) / 1000;

describe('POST /v1/test/clock', () => {
  let services: TestService[];
  let project: TestProject;

  beforeAll(async () => {
    // Nothing is found by the interval: what happens within the test does because the move wakes the scans.
    const env = { SLA_SCAN_INTERVAL: '3600' };
    const first = await startTestService({ env });
    services = [first, await startTestService({ db: first.db, env })];
  });
  afterAll(async () => {
    for (const service of services.toReversed()) {
      await service.close();
    }
  });
  beforeEach(async () => {
    project = await (services[0] as TestService).createProject();
  });

  const addressOf = (n: number) => services[n % 2]?.url;
  const send = async <Body = ClockBody & ErrorBody>(body: unknown, options = {}) =>
    project.request<Body>('POST', '/v1/test/clock', { key: project.testKey, body, ...options });
  const advance = async (seconds: number): Promise<ClockBody> => {
    const answer = await send({ advance_seconds: seconds });
    expect(answer.status).toBe(200);
    return answer.body;
  };
  const reset = async () =>
    expect((await project.request('POST', '/v1/test/reset', { key: project.testKey })).status).toBe(200);
  const typesOf = async (atLeast: number) =>
    (await readEvents(project, atLeast, project.testKey)).map(({ event }) => event);

  it('moves the clock of the test side, for every process at once and for nobody else', async () => {
    // Both have the key in use, and the live one too.
    await Promise.all(
      [0, 1].map((n) => project.request('GET', `${API}/tickets`, { key: project.testKey, at: addressOf(n) })),
    );
    for (const n of [0, 1]) {
      const { body } = await send({ advance_seconds: 25 * HOUR }, { at: addressOf(n) });
      expect(body.offset_seconds).toBe((n + 1) * 25 * HOUR);
      expect(secondsAhead(body.now)).toBeGreaterThan(body.offset_seconds - 60);
      for (const at of [addressOf(n + 1), addressOf(n)]) {
        const options = { key: project.testKey, at, body: { text: 'Help' } };
        const ticket = await project.request<TicketDetailsBody>('POST', `${API}/tickets`, options);
        expect(ticket.body.created_at >= body.now).toBe(true);
        const closed = await project.request<TicketDetailsBody>('PATCH', `${API}/tickets/${ticket.body.id}/status`, {
          ...options,
          body: { status: 'closed' },
        });
        expect((closed.body.closed_at ?? '') >= body.now).toBe(true);
      }
    }
    expect(secondsAhead((await project.createTicket()).created_at)).toBeLessThan(60);
  });

  it('tells the time when it is moved by nothing, and returns to now when the test side is emptied', async () => {
    expect(await advance(0)).toMatchObject({ offset_seconds: 0 });
    await advance(90_000);
    expect(await advance(0)).toMatchObject({ offset_seconds: 90_000 });
    await reset();
    const { now, offset_seconds } = await advance(0);
    expect([offset_seconds, Math.abs(secondsAhead(now)) < 60]).toEqual([0, true]);
    expect(secondsAhead((await project.createTicket({}, project.testKey)).created_at)).toBeLessThan(60);
  });

  it('adds up moves that come together, and counts a repeated one once', async () => {
    const headers = { 'Idempotency-Key': randomUUID() };
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        n % 2 === 0
          ? send({ advance_seconds: 1_000 + n }, { at: addressOf(n) })
          : send({ advance_seconds: 7 }, { at: addressOf(n), headers }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect((await advance(0)).offset_seconds).toBe(4 * 1_000 + 0 + 2 + 4 + 6 + 7);
    const repeated = answers.filter((_, n) => n % 2 === 1);
    expect(new Set(repeated.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(repeated.filter(({ headers: sent }) => sent.get('idempotent-replayed') === 'true')).toHaveLength(3);
  });

  it.each([
    [undefined, 'required'],
    [null, 'required'],
    [-1, 'min'],
    [YEAR + 1, 'max'],
    [1.5, 'type'],
    ['90000', 'type'],
    [true, 'type'],
  ])('refuses %j seconds (%s)', async (advance_seconds, code) => {
    const { status, body } = await send({ advance_seconds });
    expect([status, body.details]).toMatchObject([400, [{ field: 'advance_seconds', code }]]);
  });

  it('goes ten years ahead and no further, and says what is left', async () => {
    for (let year = 0; year < 9; year++) {
      await advance(YEAR);
    }
    await advance(YEAR - 10);
    const tooFar = await send({ advance_seconds: 11 });
    expect([tooFar.status, tooFar.body.details]).toMatchObject([400, [{ field: 'advance_seconds', code: 'max' }]]);
    expect(tooFar.body.error).toContain('10 are left');
    expect((await advance(10)).offset_seconds).toBe(10 * YEAR);
    expect((await project.createTicket({}, project.testKey)).ticket_number).toBe(1);
  });

  it('is not for live keys', async () => {
    const { status, body } = await send({ advance_seconds: 10 }, { key: project.liveKey });
    expect([status, body.code]).toEqual([403, 'forbidden']);
    expect((await advance(0)).offset_seconds).toBe(0);
  });

  it('lets happen at once what the time makes due: a warning, a breach, a customer whom nobody answers', async () => {
    await project.changeSettings({ sla_first_reply_hours: 10, helpdesk_unanswered_hours: 24 });
    const live = await project.createTicket();
    const ticket = await project.createTicket({}, project.testKey);
    await advance(9 * HOUR);
    expect(await typesOf(2)).toEqual(['ticket.created', 'ticket.sla_warning']);
    await advance(2 * HOUR);
    expect((await typesOf(3)).at(-1)).toBe('ticket.sla_breached');
    await advance(14 * HOUR);
    const unanswered = (await readEvents(project, 4, project.testKey)).at(-1);
    expect(unanswered).toMatchObject({
      event: 'ticket.unanswered_24h',
      data: { ticket: { id: ticket.id }, threshold_hours: 24, waiting_since: ticket.waiting_since },
    });
    expect(secondsAhead(unanswered?.created_at ?? '')).toBeGreaterThan(24 * HOUR);
    expect((await readEvents(project, 1)).map(({ data }) => data.ticket?.id)).toEqual([live.id]);
  });

  it('ends the question for a rating that nobody has answered', async () => {
    await project.changeSettings({ csat_enabled: true, csat_expire_days: 1 });
    const { id } = await project.createTicket({}, project.testKey);
    const options = { key: project.testKey, body: { status: 'closed' } };
    const closed = await project.request<TicketDetailsBody>('PATCH', `${API}/tickets/${id}/status`, options);
    expect(closed.body.csat_status).toBe('requested');
    await advance(25 * HOUR);
    await eventually(async () => {
      const { body } = await project.request<TicketDetailsBody>('GET', `${API}/tickets/${id}`, {
        key: project.testKey,
      });
      expect(body.csat_status).toBe('expired');
    });
  });

  it('finds at once what a change of the settings makes due', async () => {
    await project.createTicket({}, project.testKey);
    await advance(13 * HOUR);
    await project.changeSettings({ helpdesk_unanswered_hours: 12 });
    expect(await typesOf(2)).toEqual(['ticket.created', 'ticket.unanswered_24h']);
    await project.changeSettings({ sla_resolve_hours: 12 });
    expect((await typesOf(3)).at(-1)).toBe('ticket.sla_breached');
  });
});
