import type { TicketPayload } from '#contracts';
import { IssueKey, RevokeKey } from '#projects';
import { API } from '../../support/answers';
import type { ErrorBody, HistoryListBody } from '../../support/answers';
import { eventually } from '../../support/eventually';
import { readEvents } from '../../support/read-events';
import type { TestProject } from '../../support/test-project';
import { startTestService } from '../../support/test-service';
import type { TestService } from '../../support/test-service';

describe('what the API answers when something is wrong', () => {
  let service: TestService;
  let project: TestProject;
  let ticket: TicketPayload;

  beforeAll(async () => {
    service = await startTestService();
    project = await service.createProject();
    ticket = await project.createTicket();
  });
  afterAll(() => service.close());

  const issueKey = (command: object = {}) =>
    service.service.app.get(IssueKey, { strict: false }).execute({ slug: project.slug, side: 'live', ...command });
  const send = (method: string, path: string, options = {}) => project.request<ErrorBody>(method, path, options);
  const TICKETS = `${API}/tickets`;

  it('is always one envelope', async () => {
    const { status, headers, body } = await send('GET', `${TICKETS}/none`);
    expect(status).toBe(404);
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(body).toEqual({
      error: expect.any(String),
      code: 'ticket_not_found',
      retryable: false,
      docs_url: expect.stringMatching(/^http:\/\/.+\/docs\/errors#ticket_not_found$/),
      request_id: headers.get('x-request-id'),
    });
  });

  it.each<[string, string, string, object, number]>([
    ['unauthorized', 'GET', TICKETS, { key: null }, 401],
    ['unauthorized', 'GET', TICKETS, { key: null, headers: { Authorization: 'Basic eDp5' } }, 401],
    ['invalid_api_key', 'GET', TICKETS, { key: 'zn_live_nonsense' }, 401],
    ['invalid_api_key', 'GET', TICKETS, { key: `zn_live_${'0'.repeat(36)}` }, 401],
    ['unauthorized', 'GET', `${TICKETS}?key=zn_live_0`, {}, 401],
    ['not_found', 'GET', '/v1/helpdesk/nothing', {}, 404],
    ['not_found', 'GET', '/', {}, 404],
    ['subscriber_not_found', 'GET', `${API}/subscribers/none`, {}, 404],
    ['method_not_allowed', 'DELETE', TICKETS, {}, 405],
    ['method_not_allowed', 'PUT', `${TICKETS}/bulk`, { body: {} }, 405],
    ['validation_failed', 'POST', TICKETS, { body: '{"text": "Hel' }, 400],
    ['validation_failed', 'POST', TICKETS, { body: '["text"]' }, 400],
    ['validation_failed', 'POST', TICKETS, { body: '{"text":"x","__proto__":{"a":1}}' }, 400],
    ['validation_failed', 'POST', TICKETS, { body: `{"text":${'['.repeat(30)}${']'.repeat(30)}}` }, 400],
    ['validation_failed', 'POST', TICKETS, {}, 400],
    ['payload_too_large', 'POST', TICKETS, { body: JSON.stringify({ text: 'x'.repeat(300_000) }) }, 413],
    ['unsupported_media_type', 'POST', TICKETS, { body: 'text=x', headers: { 'Content-Type': 'text/plain' } }, 415],
  ])('is %s to %s %s with %j', async (code, method, path, options, status) => {
    const answer = await send(method, path, options);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect((await send('GET', `${TICKETS}/${ticket.id}`)).status).toBe(200);
  });

  it('names the methods that an address has', async () => {
    const answers = [await send('PUT', TICKETS), await send('GET', `${TICKETS}/${ticket.id}/reply`)];
    const allowed = answers.map(({ headers }) => headers.get('allow')?.split(', ').toSorted());
    expect(allowed).toEqual([['GET', 'HEAD', 'POST'], ['POST']]);
  });

  it('is the same to every key that may not be used', async () => {
    const expired = await issueKey({ expiresInDays: 1 });
    await service.db.sql(`UPDATE api_key SET expires_at = now() - interval '1 s' WHERE id = $1`, [expired.keyId]);
    const revoked = await issueKey();
    await service.service.app.get(RevokeKey, { strict: false }).execute(revoked.keyId);
    const keys = [
      expired.key,
      revoked.key,
      `${project.liveKey.slice(0, -1)}_`,
      project.liveKey.replace('live', 'test'),
    ];
    const bodies = await Promise.all(keys.map(async (key) => (await send('GET', TICKETS, { key })).body));
    expect(new Set(bodies.map(({ request_id: _id, ...rest }) => JSON.stringify(rest))).size).toBe(1);
    expect(bodies[0]?.code).toBe('invalid_api_key');
  });

  it('is insufficient_scope to a key that may not do that, and nothing happens', async () => {
    const { key } = await issueKey({ scopes: ['read-only'] });
    expect((await send('GET', TICKETS, { key })).status).toBe(200);
    const writes: Array<[string, string, object]> = [
      ['POST', TICKETS, { text: 'x' }],
      ['POST', `${TICKETS}/bulk`, { ticket_ids: [ticket.id], action: 'close' }],
      ['POST', `${TICKETS}/${ticket.id}/reply`, { text: 'x' }],
      ['POST', `${TICKETS}/${ticket.id}/customer-reply`, { text: 'x' }],
      ['PATCH', `${TICKETS}/${ticket.id}/status`, { status: 'closed' }],
      ['PATCH', `${TICKETS}/${ticket.id}/assign`, {}],
      ['PATCH', `${TICKETS}/${ticket.id}/priority`, { priority: 'low' }],
      ['PATCH', `${TICKETS}/${ticket.id}`, { subject: 'x' }],
      ['POST', '/v1/test/reset', {}],
      ['POST', '/v1/test/clock', { advance_seconds: 0 }],
    ];
    for (const [method, path, body] of writes) {
      const answer = await send(method, path, { key, body });
      expect([path, answer.status, answer.body.code]).toEqual([path, 403, 'insufficient_scope']);
    }
    const agent = await issueKey({ scopes: ['agent'] });
    expect((await send('GET', `${API}/usage`, { key: agent.key })).body.code).toBe('insufficient_scope');
    expect((await send('GET', `${TICKETS}/${ticket.id}`)).headers.get('etag')).toBe('"1"');
  });

  it('is helpdesk_disabled to every change while the helpdesk is switched off; reading stays open', async () => {
    const off = await service.createProject();
    const { id } = await off.createTicket();
    await off.changeSettings({ helpdesk_enabled: false });
    const writes: Array<[string, string, object]> = [
      ['POST', TICKETS, { text: 'x' }],
      ['POST', `${TICKETS}/bulk`, { ticket_ids: [id], action: 'close' }],
      ['POST', `${TICKETS}/bulk`, { ticket_ids: [id], action: 'close', dry_run: true }],
      ['POST', `${TICKETS}/${id}/reply`, { text: 'x' }],
      ['POST', `${TICKETS}/${id}/reply`, { text: 'x', internal: true }],
      ['POST', `${TICKETS}/${id}/customer-reply`, { text: 'x' }],
      ['PATCH', `${TICKETS}/${id}/status`, { status: 'closed' }],
      ['PATCH', `${TICKETS}/${id}/assign`, {}],
      ['PATCH', `${TICKETS}/${id}/priority`, { priority: 'low' }],
      ['PATCH', `${TICKETS}/${id}`, { subject: 'x' }],
    ];
    for (const [method, path, body] of writes) {
      const answer = await off.request<ErrorBody>(method, path, { body });
      expect([path, answer.status, answer.body.code]).toEqual([path, 403, 'helpdesk_disabled']);
    }
    const reads = ['', `/${id}`, '/by-number/1', `/${id}/messages`, `/${id}/history`].map((path) => TICKETS + path);
    for (const path of [...reads, `${API}/agents`, `${API}/subscribers`, `${API}/events`, `${API}/usage`]) {
      expect([path, (await off.request('GET', path)).status]).toEqual([path, 200]);
    }
    expect((await off.request('GET', `${TICKETS}/${id}`)).headers.get('etag')).toBe('"1"');
    await off.changeSettings({ helpdesk_enabled: true });
    expect((await off.request('PATCH', `${TICKETS}/${id}/status`, { body: { status: 'closed' } })).status).toBe(200);
  });

  describe('with the id of the request', () => {
    it('that the caller gave: in the answer, the history, the event and the log', async () => {
      const fresh = await service.createProject();
      const headers = { 'X-Request-Id': 'order-4711.retry_1' };
      const opened = await fresh.request<TicketPayload>('POST', TICKETS, { body: { text: 'x' }, headers });
      expect(opened.headers.get('x-request-id')).toBe('order-4711.retry_1');
      const { history } = (await fresh.request<HistoryListBody>('GET', `${TICKETS}/${opened.body.id}/history`)).body;
      expect(history[0]?.request_id).toBe('order-4711.retry_1');
      expect((await readEvents(fresh, 1))[0]?.request_id).toBe('order-4711.retry_1');
      const line = await eventually(() => {
        const found = service.logs.find((one) => one.includes('order-4711.retry_1'));
        if (!found) {
          throw new Error('No line of the log names the request.');
        }
        return JSON.parse(found) as Record<string, unknown>;
      });
      expect(line).toMatchObject({
        event: 'http.request',
        method: 'POST',
        route: '/v1/helpdesk/tickets',
        status: 201,
        project_id: fresh.projectId,
      });
    });

    it.each(['short', 'x'.repeat(65), 'with space here', 'emoji-;-inside'])(
      'but not %j, which is no good one',
      async (id) => {
        const { headers } = await send('GET', TICKETS, { headers: { 'X-Request-Id': id } });
        expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
      },
    );

    it('of each of several tickets that were stored together', async () => {
      const fresh = await service.createProject();
      const ids = Array.from({ length: 10 }, (_, n) => `request-${n}`);
      await Promise.all(
        ids.map((id) => fresh.request('POST', TICKETS, { body: { text: id }, headers: { 'X-Request-Id': id } })),
      );
      const events = await readEvents(fresh, 10);
      expect(events.map(({ request_id, data }) => [request_id, data.message?.text])).toEqual(
        events.map(({ request_id }) => [request_id, request_id]),
      );
      expect(new Set(events.map(({ request_id }) => request_id))).toEqual(new Set(ids));
    });
  });

  it('tells neither keys nor texts to the log', async () => {
    const secret = 'a text that no log may hold';
    const { id } = await project.createTicket({ text: secret, first_name: 'Nameless One' });
    await send('POST', `${TICKETS}/${id}/reply`, { body: { text: secret, interal: true } });
    await send('GET', `${TICKETS}?q=${encodeURIComponent(secret)}`);
    const log = service.logs.join('');
    for (const hidden of [secret, encodeURIComponent(secret), 'Nameless One', project.liveKey, project.testKey]) {
      expect(log).not.toContain(hidden);
    }
  });
});
