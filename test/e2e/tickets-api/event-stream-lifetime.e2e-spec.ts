import { IssueKey, RevokeKey } from '#projects';
import { EventStreams } from '../../../libs/platform/src/http/event-stream/event-streams';
import { API } from '../../support/answers';
import type { ErrorBody } from '../../support/answers';
import { endOfLog, newsOf, StreamReaders } from '../../support/event-stream';
import { eventually } from '../../support/eventually';
import type { TestProject } from '../../support/test-project';
import { startTestService } from '../../support/test-service';
import type { TestService } from '../../support/test-service';

const STREAM = `${API}/events/stream`;

/** Events whose messages, of 4 kB each, are more than the connections on this machine hold. */
const LARGE = 5_000;

let service: TestService;
let project: TestProject;
const streams = new StreamReaders(() => ({ url: service.url, project }));

afterEach(() => streams.closeAll());

describe('GET /events/stream, as time goes by', () => {
  beforeAll(async () => {
    service = await startTestService({
      eventStreams: { heartbeatMs: 100, recheckMs: 100, stuckMs: 300, perProject: 3, perProcess: 5 },
      ops: true,
    });
  });
  beforeEach(async () => {
    project = await service.createProject();
  });
  afterAll(() => service.close());

  it('is one line of the log when it is over, however it ends', async () => {
    const reader = await streams.openLive();
    const requestId = String(reader.answer.headers['x-request-id']);
    expect(linesOf(requestId)).toEqual([]);
    reader.close();
    const [line] = await eventually(() => {
      expect(linesOf(requestId)).toHaveLength(1);
      return linesOf(requestId);
    });
    expect(JSON.parse(line ?? '')).toMatchObject({
      event: 'http.request',
      method: 'GET',
      route: STREAM,
      status: 200,
      project_id: project.projectId,
    });
    await eventually(() => expect(openStreams()).toBe(0));
  });

  it('answers HEAD with the headers alone', async () => {
    const { status, headers, body } = await project.request('HEAD', STREAM);
    expect([status, headers.get('content-type'), body]).toEqual([200, 'text/event-stream', null]);
    expect(openStreams()).toBe(0);
  });

  it('sends a comment in silence, and with it how far the log has come', async () => {
    const reader = await streams.openLive({ query: '?types=ticket.closed' });
    expect(await reader.next()).toEqual({ comment: 'heartbeat' });
    await project.createTicket();
    const [created] = await newsOf(project, 1);
    const moved = await eventually(async () => {
      const block = await reader.next();
      expect(block?.id).toBeDefined();
      return block;
    });
    expect(moved).toEqual({ comment: 'heartbeat', id: created?.id });
    expect(await reader.next()).toEqual({ comment: 'heartbeat' });
  });

  it('ends when its key is revoked', async () => {
    const { key, keyId } = await issueKey(['tickets:read']);
    const [reader, other] = [await streams.openLive({ key }), await streams.openLive()];
    await service.service.app.get(RevokeKey, { strict: false }).execute(keyId);
    await reader.ended();
    expect((await project.request('GET', STREAM, { key })).status).toBe(401);
    expect(await other.next()).toMatchObject({ comment: 'heartbeat' });
  });

  it('ends when its key expires', async () => {
    const { key, keyId } = await issueKey(['tickets:read']);
    const reader = await streams.openLive({ key });
    await service.db.sql('UPDATE api_key SET expires_at = now() WHERE id = $1', [keyId]);
    await reader.ended();
    await eventually(() => expect(service.logs.join('')).toContain(`"reason":"key_refused"`));
  });

  it('holds back for a reader who does not read, leaves the others alone, and cuts it in the end', async () => {
    const start = await endOfLog(project);
    await fillLog(LARGE);
    const slow = await streams.open({ query: `?after=${start}` });
    slow.answer.pause();
    const requestId = String(slow.answer.headers['x-request-id']);
    const quick = await streams.openLive();
    await project.createTicket();
    expect(await quick.messages(1)).toMatchObject([{ event: 'ticket.created' }]);
    await eventually(() => expect(linesOf(requestId).join('')).toContain('"reason":"stuck"'));
    // What was on its way is still there to read, and a place in it to go on from.
    const told = await slow.messages(LARGE + 1);
    expect(told.length).toBeGreaterThan(0);
    expect(told.length).toBeLessThan(LARGE);
    // Who reads may be cut as well where the machine holds up both sides; who comes again misses nothing and is told nothing twice.
    let { lastEventId } = slow;
    while (told.length < LARGE + 1) {
      const again = await streams.open({ lastEventId });
      told.push(...(await again.messages(LARGE + 1 - told.length)));
      lastEventId = again.lastEventId ?? lastEventId;
    }
    expect(new Set(told.map(({ data }) => data?.['id'])).size).toBe(LARGE + 1);
  });

  it('is refused where there are too many: of the project, or of the service', async () => {
    const mine = [await streams.openLive(), await streams.openLive(), await streams.openLive()];
    const full = await project.request<ErrorBody>('GET', STREAM);
    expect(full).toMatchObject({ status: 429, body: { code: 'rate_limit_project', retryable: true } });
    expect(full.headers.get('retry-after')).toBe('5');
    const other = await service.createProject();
    await streams.openLive({ key: other.liveKey });
    await streams.openLive({ key: other.testKey });
    const busy = await other.request<ErrorBody>('GET', STREAM);
    expect(busy).toMatchObject({ status: 503, body: { code: 'platform_busy', retryable: true } });
    expect(busy.headers.get('retry-after')).toBe('5');
    const metrics = await (await fetch(`${service.opsUrl}/metrics`)).text();
    expect(metrics).toContain('helpdesk_event_streams 5');
    mine[0]?.close();
    await eventually(() => streams.openLive());
  });
});

describe('GET /events/stream, when the service stops', () => {
  beforeEach(async () => {
    service = await startTestService({ env: { DRAIN_SECONDS: '3' }, eventStreams: { partingMs: 100 } });
    project = await service.createProject();
  });

  it('ends at once, and the reader goes on where it was at another service', async () => {
    const second = await startTestService({ db: service.db });
    const reader = await streams.openLive();
    await project.createTicket();
    expect(await reader.messages(1)).toEqual(await newsOf(project, 1));
    const stopping = service.close();
    await reader.ended();
    await project.request('POST', `${API}/tickets`, { at: second.url, body: { text: 'Help' } });
    const elsewhere = await streams.open({ lastEventId: reader.lastEventId }, second.url);
    expect(await elsewhere.messages(1)).toMatchObject([{ event: 'ticket.created' }]);
    await second.close();
    await stopping;
  });

  it('begins and ends for whoever still comes, with a place to go on from', async () => {
    const reader = await streams.openLive();
    const stopping = service.close();
    await reader.ended();
    const late = await streams.openLive();
    expect(late.lastEventId).toBeDefined();
    expect(await late.next()).toBeUndefined();
    await stopping;
  });

  it('does not wait for a reader who does not read', async () => {
    const start = await endOfLog(project);
    await fillLog(LARGE);
    const slow = await streams.open({ query: `?after=${start}` });
    slow.answer.pause();
    const requestId = String(slow.answer.headers['x-request-id']);
    const stopping = service.close();
    await eventually(() => expect(linesOf(requestId).join('')).toContain('"event":"http.request"'));
    // It is cut while the service still answers, as it does for whoever has not heard of its end.
    expect((await project.request('GET', `${API}/tickets`)).status).toBe(200);
    await stopping;
  });
});

async function issueKey(scopes: readonly string[]) {
  return service.service.app.get(IssueKey, { strict: false }).execute({ slug: project.slug, side: 'live', scopes });
}

/** The lines of the service's log about a request. */
function linesOf(requestId: string): string[] {
  return service.logs.filter((line) => line.includes(`"request_id":"${requestId}"`));
}

function openStreams(): number {
  return service.service.app.get(EventStreams).count;
}

/** Puts so many events into the project's log, as the relay does; their tickets have long ids. */
async function fillLog(count: number): Promise<void> {
  await service.db.sql(
    `WITH head AS (INSERT INTO event_log_head (project_id, last_position, pruned_through) VALUES ($1, $2, 0))
     INSERT INTO outbox (event_id, project_id, type, aggregate_id, aggregate_seq, body, created_at, position, published_at)
     SELECT id, $1, 'ticket.updated', $1, n, json_build_object('id', id, 'type', 'ticket.updated', 'data',
       json_build_object('ticket', json_build_object('id', repeat('x', 4000), 'version', n)))::text, now(), n, now()
     FROM (SELECT gen_random_uuid() AS id, n FROM generate_series(1, $2::int) n) e`,
    [project.projectId, count],
  );
}
