import { randomUUID } from 'node:crypto';
import type { TicketPayload } from '#contracts';
import { API } from '../../support/answers';
import type { ErrorBody, TicketListBody } from '../../support/answers';
import { readEvents } from '../../support/read-events';
import { startTestService } from '../../support/test-service';
import type { TestService } from '../../support/test-service';

describe('two services on one database', () => {
  let services: TestService[];

  beforeAll(async () => {
    const first = await startTestService();
    services = [first, await startTestService({ db: first.db })];
  });
  afterAll(async () => {
    for (const service of services.toReversed()) {
      await service.close();
    }
  });

  const addressOf = (n: number) => services[n % 2]?.url;
  const aProject = (options = {}) => (services[0] as TestService).createProject(options);

  it('number 50 tickets that come to both at once from 1 to 50', async () => {
    const project = await aProject();
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, n) =>
        project.request<TicketPayload>('POST', `${API}/tickets`, { body: { text: `${n}` }, at: addressOf(n) }),
      ),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    const numbers = answers.map(({ body }) => body.ticket_number).toSorted((a, b) => a - b);
    expect(numbers).toEqual(Array.from({ length: 50 }, (_, n) => n + 1));
    const events = await readEvents(project, 50);
    expect(new Set(events.map(({ data }) => data.ticket?.id)).size).toBe(50);
  });

  it('let one of two changes with the same If-Match win', async () => {
    const project = await aProject();
    for (let round = 0; round < 5; round++) {
      const { id } = await project.createTicket();
      const answers = await Promise.all(
        ['waiting', 'closed'].map((status, n) =>
          project.request<TicketPayload & ErrorBody>('PATCH', `${API}/tickets/${id}/status`, {
            body: { status },
            headers: { 'If-Match': '"1"' },
            at: addressOf(n),
          }),
        ),
      );
      expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 412]);
      const winner = answers.find(({ status }) => status === 200)?.body;
      expect(answers.find(({ status }) => status === 412)?.body.current).toEqual(winner);
    }
  });

  it('make one effect of 20 requests with one Idempotency-Key', async () => {
    const project = await aProject();
    const headers = { 'Idempotency-Key': randomUUID() };
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        project.request('POST', `${API}/tickets`, { body: { text: 'Help' }, headers, at: addressOf(n) }),
      ),
    );
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect((await project.request<TicketListBody>('GET', `${API}/tickets`)).body.total).toBe(1);
  });

  it('share the budget of requests of a project, and say what is left of it', async () => {
    const project = await aProject({ rateLimitPerMinute: 10 });
    const answers = [];
    for (let n = 0; n < 14; n++) {
      answers.push(await project.request<ErrorBody>('GET', `${API}/tickets`, { at: addressOf(n) }));
    }
    expect(answers.map(({ status }) => status)).toEqual([...Array(10).fill(200), ...Array(4).fill(429)]);
    expect(answers.map(({ headers }) => headers.get('ratelimit-policy'))).toEqual(
      Array(14).fill('"default";q=10;w=60'),
    );
    const left = answers.map(({ headers }) => Number(/r=(\d+)/.exec(headers.get('ratelimit') ?? '')?.[1]));
    expect(left).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 0, 0, 0, 0]);
    const refused = answers.at(-1);
    expect(refused?.body).toMatchObject({ code: 'rate_limit_project', retryable: true });
    expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('count the budget of the two sides apart', async () => {
    const project = await aProject({ rateLimitPerMinute: 2 });
    const statuses = [];
    for (const key of [project.liveKey, project.liveKey, project.liveKey, project.testKey]) {
      statuses.push((await project.request('GET', `${API}/tickets`, { key })).status);
    }
    expect(statuses).toEqual([200, 200, 429, 200]);
  });
});
