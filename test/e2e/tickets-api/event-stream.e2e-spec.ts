import { IssueKey, RevokeKey } from '#projects';
import { API } from '../../support/answers';
import type { ErrorBody, EventListBody } from '../../support/answers';
import { EventStreamReader } from '../../support/event-stream';
import type { StreamBlock, StreamOptions } from '../../support/event-stream';
import { eventually } from '../../support/eventually';
import { readEvents } from '../../support/read-events';
import type { TestProject } from '../../support/test-project';
import { EventStreams } from '../../../libs/platform/src/http/event-stream/event-streams';
import { startTestService } from '../../support/test-service';
import type { TestService } from '../../support/test-service';

const STREAM = `${API}/events/stream`;

/** Events whose messages, of 4 kB each, are more than the connections on this machine hold. */
const LARGE = 5_000;

let service: TestService;
let project: TestProject;
let readers: EventStreamReader[] = [];

async function open(options: Partial<StreamOptions> = {}, url = service.url): Promise<EventStreamReader> {
  const reader = await EventStreamReader.open(url, { key: project.liveKey, ...options });
  readers.push(reader);
  return reader;
}

/** Opens a stream and reads its first block. */
async function openLive(options: Partial<StreamOptions> = {}, url = service.url): Promise<EventStreamReader> {
  const reader = await open(options, url);
  expect(await reader.next()).toMatchObject({ comment: 'welcome', retry: '3000' });
  return reader;
}

async function reply(id: string, text: string): Promise<void> {
  expect((await project.request('POST', `${API}/tickets/${id}/reply`, { body: { text } })).status).toBe(201);
}

/** What a message tells of each event of the log. */
async function expected(count: number, of = project): Promise<StreamBlock[]> {
  return (await readEvents(of, count)).map(({ id, cursor, event, data }) => ({
    id: cursor,
    event,
    data: { id, type: event, ticket_id: data.ticket?.id ?? null, version: data.ticket?.version ?? null },
  }));
}

async function cursorOfEnd(of = project): Promise<string> {
  return (await of.request<EventListBody>('GET', `${API}/events?after=latest`)).body.next_cursor;
}

afterEach(() => {
  readers.forEach((reader) => reader.close());
  readers = [];
});

describe('GET /events/stream', () => {
  beforeAll(async () => {
    service = await startTestService();
  });
  beforeEach(async () => {
    project = await service.createProject();
  });
  afterAll(() => service.close());

  it('answers an event stream that nothing on its way keeps, gathers or packs', async () => {
    const { answer } = await open();
    expect(answer.statusCode).toBe(200);
    expect(answer.headers).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
    });
    expect(answer.headers).not.toHaveProperty('content-encoding');
  });

  it('begins at the end and tells what happens: the event, its ticket and the version to read', async () => {
    await project.createTicket();
    await readEvents(project, 1);
    const reader = await openLive();
    expect(reader.lastEventId).toBe(await cursorOfEnd());
    const ticket = await project.createTicket({ external_id: 'customer-1' });
    await reply(ticket.id, 'Hello');
    const told = await reader.messages(4);
    expect(told).toEqual((await expected(5)).slice(1));
    expect(told.map(({ event, data }) => [event, data?.['ticket_id'], data?.['version']])).toEqual([
      ['subscription.created', null, null],
      ['ticket.created', ticket.id, 1],
      ['ticket.replied', ticket.id, 2],
      ['ticket.status_changed', ticket.id, 2],
    ]);
  });

  it.each(['ticket.replied', 'ticket.created,ticket.replied'])('tells only events of the types %s', async (types) => {
    const reader = await openLive({ query: `?types=${types}` });
    const { id } = await project.createTicket();
    await reply(id, 'Hello');
    await reply(id, 'Hello again');
    const wanted = (await expected(4)).filter(({ event }) => types.split(',').includes(event ?? ''));
    expect(await reader.messages(wanted.length)).toEqual(wanted);
  });

  it('begins behind a cursor of the list, of its pages and of its events', async () => {
    const start = await cursorOfEnd();
    for (let n = 0; n < 3; n++) {
      await project.createTicket();
    }
    const all = await expected(3);
    for (const [index, after] of [start, ...all.map(({ id }) => id)].entries()) {
      const reader = await open({ query: `?after=${after}` });
      expect(await reader.messages(3 - index)).toEqual(all.slice(index));
    }
    const reader = await openLive({ query: '?after=latest' });
    expect(reader.lastEventId).toBe(all[2]?.id);
  });

  it('goes on behind Last-Event-ID, whatever `after` says', async () => {
    const start = await cursorOfEnd();
    await project.createTicket();
    await project.createTicket();
    const all = await expected(2);
    const reader = await open({ query: `?after=${start}`, lastEventId: all[0]?.id });
    expect(await reader.messages(1)).toEqual([all[1]]);
    const anew = await open({ query: `?after=${start}`, lastEventId: '' });
    expect(await anew.messages(2)).toEqual(all);
  });

  it('tells every event once and in order to a reader who comes again and again, while many write', async () => {
    const tickets = await Promise.all(Array.from({ length: 6 }, () => project.createTicket()));
    let lastEventId = (await expected(6)).at(-1)?.id;
    const writing = Promise.all(
      Array.from({ length: 60 }, async (_, n) => reply(tickets[n % tickets.length]?.id ?? '', `Answer ${n}`)),
    );
    // 60 replies, and one change of status in each of the 6 tickets.
    const total = 66;
    const told: StreamBlock[] = [];
    while (told.length < total) {
      const reader: EventStreamReader = await open({ lastEventId });
      const upTo = Math.min(1 + (told.length % 5), total - told.length);
      told.push(...(await reader.messages(upTo)));
      lastEventId = reader.lastEventId;
      reader.close();
    }
    await writing;
    expect(told).toEqual((await expected(6 + total)).slice(6));
  });

  it('tells what happens through another service on the same database', async () => {
    const second = await startTestService({ db: service.db });
    try {
      const [here, there] = [await openLive(), await openLive({}, second.url)];
      await project.createTicket();
      await project.request('POST', `${API}/tickets`, { at: second.url, body: { text: 'Help' } });
      const all = await expected(2);
      expect(await here.messages(2)).toEqual(all);
      expect(await there.messages(2)).toEqual(all);
    } finally {
      await second.close();
    }
  });

  it('keeps the sides of a project apart', async () => {
    const [live, test] = [await openLive(), await openLive({ key: project.testKey })];
    await project.createTicket({ text: 'Try' }, project.testKey);
    await project.createTicket({ text: 'Real' });
    expect(await live.messages(1)).toEqual(await expected(1));
    const [event] = await readEvents(project, 1, project.testKey);
    expect(await test.messages(1)).toMatchObject([{ id: event?.cursor, data: { id: event?.id } }]);
  });

  it.each([
    ['nonsense', async () => 'nonsense'],
    ['another project’s', async () => cursorOfEnd(await service.createProject())],
    [
      'the other side’s',
      async () =>
        (await project.request<EventListBody>('GET', `${API}/events?after=latest`, { key: project.testKey })).body
          .next_cursor,
    ],
    ['another list’s', async () => Buffer.from('["tickets",[1]]').toString('base64url')],
    [
      'behind the end',
      async () => Buffer.from(JSON.stringify(['events', [project.projectId, 99]])).toString('base64url'),
    ],
    [
      'too old',
      async () => {
        const start = await cursorOfEnd();
        await project.createTicket();
        await readEvents(project, 1);
        await service.db.sql('UPDATE event_log_head SET pruned_through = last_position WHERE project_id = $1', [
          project.projectId,
        ]);
        return start;
      },
    ],
  ])('says that there is a gap and goes on from the end when the place is %s', async (_name, placeOf) => {
    const place = await placeOf();
    const cursor = await cursorOfEnd();
    const gone = [await openLive({ lastEventId: place }), await openLive({ query: `?after=${place}` })];
    for (const reader of gone) {
      expect(await reader.next()).toEqual({ id: cursor, event: 'reset', data: { cursor } });
    }
    const { id } = await project.createTicket();
    for (const reader of gone) {
      const [message] = await reader.messages(1);
      expect(message).toMatchObject({ event: 'ticket.created', data: { ticket_id: id } });
      // From here on all is well.
      const again = await openLive({ lastEventId: reader.lastEventId });
      expect(again.lastEventId).toBe(message?.id);
    }
  });

  it('goes on when the database was away, and misses nothing', async () => {
    const reader = await openLive();
    await service.db.sql(
      `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
       WHERE datname = current_database() AND pid <> pg_backend_pid()`,
    );
    await eventually(() => project.createTicket());
    expect(await reader.messages(1)).toEqual(await expected(1));
  });

  it('refuses what it does not know, in the envelope of every error', async () => {
    expect(await refused('GET', '?types=ticket.unknown')).toEqual([400, 'validation_failed', null]);
    expect(await refused('GET', '?limit=5')).toEqual([400, 'validation_failed', null]);
    expect(await refused('GET', `?after=${'a'.repeat(1001)}`)).toEqual([400, 'validation_failed', null]);
    expect(await refused('GET', '', null)).toEqual([401, 'unauthorized', null]);
    expect(await refused('POST')).toEqual([405, 'method_not_allowed', 'GET, HEAD']);
    const key = await issueKey(['config:read']);
    expect(await refused('GET', '', key.key)).toEqual([403, 'insufficient_scope', null]);
  });

  it('answers HEAD with the headers alone', async () => {
    const { status, headers, body } = await project.request('HEAD', STREAM);
    expect([status, headers.get('content-type'), body]).toEqual([200, 'text/event-stream', null]);
    expect(openStreams()).toBe(0);
  });

  it('is an event stream whatever the Accept header says', async () => {
    const { status, headers } = await project.request('GET', STREAM, { headers: { Accept: 'application/json' } });
    expect([status, headers.get('content-type')]).toEqual([200, 'text/event-stream']);
  });

  it('counts once against the rate limit', async () => {
    const limited = await service.createProject({ rateLimitPerMinute: 3 });
    const reader = await openLive({ key: limited.liveKey });
    expect(reader.answer.headers['ratelimit']).toMatch(/^"default";r=2;/);
    for (const n of [1, 2]) {
      await limited.createTicket({ text: `${n}` });
    }
    expect(await reader.messages(2)).toHaveLength(2);
    expect((await limited.request('GET', STREAM)).status).toBe(429);
  });
});

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
    const reader = await openLive();
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

  it('sends a comment in silence, and with it how far the log has come', async () => {
    const reader = await openLive({ query: '?types=ticket.closed' });
    expect(await reader.next()).toEqual({ comment: 'heartbeat' });
    await project.createTicket();
    const [created] = await expected(1);
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
    const [reader, other] = [await openLive({ key }), await openLive()];
    await service.service.app.get(RevokeKey, { strict: false }).execute(keyId);
    await reader.ended();
    expect((await project.request('GET', STREAM, { key })).status).toBe(401);
    expect(await other.next()).toMatchObject({ comment: 'heartbeat' });
  });

  it('ends when its key expires', async () => {
    const { key, keyId } = await issueKey(['tickets:read']);
    const reader = await openLive({ key });
    await service.db.sql('UPDATE api_key SET expires_at = now() WHERE id = $1', [keyId]);
    await reader.ended();
    await eventually(() => expect(service.logs.join('')).toContain(`"reason":"key_refused"`));
  });

  it('holds back for a reader who does not read, leaves the others alone, and cuts it in the end', async () => {
    const start = await cursorOfEnd();
    await fillLog(LARGE);
    const slow = await open({ query: `?after=${start}` });
    slow.answer.pause();
    const requestId = String(slow.answer.headers['x-request-id']);
    const quick = await openLive();
    await project.createTicket();
    expect(await quick.messages(1)).toMatchObject([{ event: 'ticket.created' }]);
    await eventually(() => expect(linesOf(requestId).join('')).toContain('"reason":"stuck"'));
    // What was on its way is still there to read, and a place in it to go on from.
    const told = await slow.messages(LARGE + 1);
    expect(told.length).toBeGreaterThan(0);
    expect(told.length).toBeLessThan(LARGE);
    const again = await open({ lastEventId: slow.lastEventId });
    const rest = await again.messages(LARGE + 1 - told.length);
    expect(new Set([...told, ...rest].map(({ data }) => data?.['id'])).size).toBe(LARGE + 1);
  });

  it('is refused where there are too many: of the project, or of the service', async () => {
    const mine = [await openLive(), await openLive(), await openLive()];
    const full = await project.request<ErrorBody>('GET', STREAM);
    expect(full).toMatchObject({ status: 429, body: { code: 'rate_limit_project', retryable: true } });
    expect(full.headers.get('retry-after')).toBe('5');
    const other = await service.createProject();
    await openLive({ key: other.liveKey });
    await openLive({ key: other.testKey });
    const busy = await other.request<ErrorBody>('GET', STREAM);
    expect(busy).toMatchObject({ status: 503, body: { code: 'platform_busy', retryable: true } });
    expect(busy.headers.get('retry-after')).toBe('5');
    const metrics = await (await fetch(`${service.opsUrl}/metrics`)).text();
    expect(metrics).toContain('helpdesk_event_streams 5');
    mine[0]?.close();
    await eventually(() => openLive());
  });
});

describe('GET /events/stream, when the service stops', () => {
  beforeEach(async () => {
    service = await startTestService({ env: { DRAIN_SECONDS: '3' }, eventStreams: { partingMs: 100 } });
    project = await service.createProject();
  });

  it('ends at once, and the reader goes on where it was at another service', async () => {
    const second = await startTestService({ db: service.db });
    const reader = await openLive();
    await project.createTicket();
    expect(await reader.messages(1)).toEqual(await expected(1));
    const stopping = service.close();
    await reader.ended();
    await project.request('POST', `${API}/tickets`, { at: second.url, body: { text: 'Help' } });
    const elsewhere = await open({ lastEventId: reader.lastEventId }, second.url);
    expect(await elsewhere.messages(1)).toMatchObject([{ event: 'ticket.created' }]);
    await second.close();
    await stopping;
  });

  it('begins and ends for whoever still comes, with a place to go on from', async () => {
    const reader = await openLive();
    const stopping = service.close();
    await reader.ended();
    const late = await openLive();
    expect(late.lastEventId).toBeDefined();
    expect(await late.next()).toBeUndefined();
    await stopping;
  });

  it('does not wait for a reader who does not read', async () => {
    const start = await cursorOfEnd();
    await fillLog(LARGE);
    const slow = await open({ query: `?after=${start}` });
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

/** How a request for the stream is refused: status, code and what the address allows. */
async function refused(method: string, query = '', key: string | null = project.liveKey) {
  const { status, body, headers } = await project.request<ErrorBody>(method, STREAM + query, { key });
  return [status, body.code, headers.get('allow')];
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
