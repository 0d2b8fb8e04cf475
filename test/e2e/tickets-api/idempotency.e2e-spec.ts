import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import type { TicketPayload } from '#contracts';
import { API } from '../../support/answers';
import type { AddedMessageBody, ErrorBody, TicketDetailsBody, TicketListBody } from '../../support/answers';
import { readEvents } from '../../support/read-events';
import type { TestProject } from '../../support/test-project';
import { startTestService } from '../../support/test-service';
import type { TestService } from '../../support/test-service';

const aKey = () => randomUUID();

describe('Idempotency-Key', () => {
  let service: TestService;
  let project: TestProject;

  beforeAll(async () => {
    service = await startTestService();
  });
  beforeEach(async () => {
    project = await service.createProject();
  });
  afterAll(() => service.close());

  const post = <Body = TicketPayload & ErrorBody>(path: string, body: object, key: string, options = {}) =>
    project.request<Body>('POST', `${API}${path}`, { body, headers: { 'Idempotency-Key': key }, ...options });
  const countTickets = async () => (await project.request<TicketListBody>('GET', `${API}/tickets`)).body.total;

  it('repeats the stored answer, with its status and ETag, instead of the effect', async () => {
    const key = aKey();
    const first = await post('/tickets', { text: 'Help' }, key);
    const repeat = await post('/tickets', { text: 'Help' }, key);
    expect([first, repeat].map(({ status, headers }) => [status, headers.get('idempotent-replayed')])).toEqual([
      [201, null],
      [201, 'true'],
    ]);
    expect(repeat.body).toEqual(first.body);
    expect([first, repeat].map(({ headers }) => headers.get('etag'))).toEqual(['"1"', '"1"']);
    expect(await countTickets()).toBe(1);
  });

  it('makes one effect of 20 requests that come at once', async () => {
    const key = aKey();
    const answers = await Promise.all(Array.from({ length: 20 }, () => post('/tickets', { text: 'Help' }, key)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(answers.filter(({ headers }) => headers.get('idempotent-replayed') === 'true')).toHaveLength(19);
    expect(await countTickets()).toBe(1);
    const rows = await service.db.sql('SELECT status FROM idempotency_key WHERE project_id = $1', [project.projectId]);
    expect(rows).toEqual([{ status: 201 }]);
    expect(await readEvents(project, 1)).toHaveLength(1);
  });

  it('works on every POST', async () => {
    await project.changeSettings({ csat_enabled: true });
    const { id } = await project.createTicket();
    const requests: Array<[string, object, number]> = [
      [`/tickets/${id}/reply`, { text: 'Hello' }, 201],
      [`/tickets/${id}/customer-reply`, { text: 'Hello?' }, 201],
      ['/tickets/bulk', { ticket_ids: [id], action: 'close' }, 200],
      [`/tickets/${id}/csat`, { rating: 5 }, 200],
    ];
    for (const [path, body, status] of requests) {
      const key = aKey();
      const answers = [await post(path, body, key), await post(path, body, key)];
      expect(answers.map((answer) => answer.status)).toEqual([status, status]);
      expect(answers[1]?.headers.get('idempotent-replayed')).toBe('true');
      expect(answers[1]?.body).toEqual(answers[0]?.body);
    }
    const { body } = await project.request<TicketDetailsBody>('GET', `${API}/tickets/${id}`);
    expect([body.message_count, body.version]).toEqual([3, 5]);
  });

  it('holds for the reset of the test side as well', async () => {
    const headers = { 'Idempotency-Key': aKey() };
    const options = { key: project.testKey, headers };
    expect((await project.request('POST', '/v1/test/reset', options)).status).toBe(200);
    await project.createTicket({}, project.testKey);
    const repeat = await project.request('POST', '/v1/test/reset', options);
    expect(repeat.headers.get('idempotent-replayed')).toBe('true');
    const list = await project.request<TicketListBody>('GET', `${API}/tickets`, { key: project.testKey });
    expect(list.body.total).toBe(1);
  });

  it('that was used for another request is a conflict, and nothing happens', async () => {
    const key = aKey();
    await post('/tickets', { text: 'Help' }, key);
    const other = await post('/tickets', { text: 'Something else' }, key);
    expect([other.status, other.body.code, other.body.retryable]).toEqual([409, 'idempotency_conflict', false]);
    expect(await countTickets()).toBe(1);
  });

  it('counts for one path, one project and one side', async () => {
    const key = aKey();
    const [one, two] = [await project.createTicket(), await project.createTicket()];
    const replies = [
      await post<AddedMessageBody>(`/tickets/${one.id}/reply`, { text: 'x' }, key),
      await post<AddedMessageBody>(`/tickets/${two.id}/reply`, { text: 'x' }, key),
    ];
    expect(replies.map(({ body }) => body.ticket_id)).toEqual([one.id, two.id]);
    const other = await service.createProject();
    const numbers = [
      await post('/tickets', { text: 'x' }, key),
      await post('/tickets', { text: 'x' }, key, { key: project.testKey }),
      await post('/tickets', { text: 'x' }, key, { key: other.liveKey }),
    ].map(({ body, headers }) => [body.ticket_number, headers.get('idempotent-replayed')]);
    expect(numbers).toEqual([
      [3, null],
      [1, null],
      [1, null],
    ]);
  });

  it('is free again after a refusal, for nothing has happened', async () => {
    const key = aKey();
    expect((await post('/tickets', { text: '' }, key)).status).toBe(400);
    await project.changeSettings({ helpdesk_enabled: false });
    expect((await post('/tickets', { text: 'Help' }, key)).status).toBe(403);
    await project.changeSettings({ helpdesk_enabled: true });
    const done = await post('/tickets', { text: 'Help' }, key);
    expect([done.status, done.headers.get('idempotent-replayed')]).toEqual([201, null]);
  });

  it('is free again after 24 hours', async () => {
    const key = aKey();
    await post('/tickets', { text: 'Help' }, key);
    const age = `UPDATE idempotency_key SET created_at = created_at - $2::interval WHERE key = $1`;
    await service.db.sql(age, [key, '23 hours 59 minutes']);
    expect((await post('/tickets', { text: 'Help' }, key)).body.ticket_number).toBe(1);
    await service.db.sql(age, [key, '2 minutes']);
    expect((await post('/tickets', { text: 'Another' }, key)).body.ticket_number).toBe(2);
    expect((await post('/tickets', { text: 'Another' }, key)).body.ticket_number).toBe(2);
  });

  it('tells a repeat to come again when the first request takes longer than it waits', async () => {
    const key = aKey();
    const first = new Client({ connectionString: service.db.url });
    await first.connect();
    try {
      await first.query('BEGIN');
      await first.query(
        `INSERT INTO idempotency_key (project_id, method, path, key, fingerprint, created_at)
         VALUES ($1, 'POST', $2, $3, '', now())`,
        [project.projectId, `${API}/tickets`, key],
      );
      const repeat = await post('/tickets', { text: 'Help' }, key);
      expect(repeat).toMatchObject({ status: 409, body: { code: 'idempotency_in_progress', retryable: true } });
      expect(repeat.headers.get('retry-after')).toBe('1');
    } finally {
      await first.end();
    }
    expect((await post('/tickets', { text: 'Help' }, key)).status).toBe(201);
  });

  it.each(['short', 'x'.repeat(129), 'with space', 'ключ-ключ', 'semi;colon'])('refuses the key %j', async (key) => {
    const headers = { 'Idempotency-Key': Buffer.from(key).toString('latin1') };
    const { status, body } = await project.request<ErrorBody>('POST', `${API}/tickets`, {
      body: { text: 'x' },
      headers,
    });
    expect([status, body.details?.[0]]).toMatchObject([400, { field: 'Idempotency-Key', code: 'format' }]);
  });
});
