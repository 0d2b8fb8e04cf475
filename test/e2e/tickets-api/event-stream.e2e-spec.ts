import { IssueKey } from '#projects';
import { API } from '../../support/answers';
import type { ErrorBody } from '../../support/answers';
import { endOfLog, newsOf, StreamReaders } from '../../support/event-stream';
import type { EventStreamReader, StreamBlock } from '../../support/event-stream';
import { eventually } from '../../support/eventually';
import { readEvents } from '../../support/read-events';
import type { TestProject } from '../../support/test-project';
import { startTestService } from '../../support/test-service';
import type { TestService } from '../../support/test-service';

const STREAM = `${API}/events/stream`;

let service: TestService;
let project: TestProject;
const streams = new StreamReaders(() => ({ url: service.url, project }));

afterEach(() => streams.closeAll());

describe('GET /events/stream', () => {
  beforeAll(async () => {
    service = await startTestService();
  });
  beforeEach(async () => {
    project = await service.createProject();
  });
  afterAll(() => service.close());

  it('answers an event stream that nothing on its way keeps, gathers or packs', async () => {
    const { answer } = await streams.open();
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
    const reader = await streams.openLive();
    expect(reader.lastEventId).toBe(await endOfLog(project));
    const ticket = await project.createTicket({ external_id: 'customer-1' });
    await reply(ticket.id, 'Hello');
    const told = await reader.messages(4);
    expect(told).toEqual((await newsOf(project, 5)).slice(1));
    expect(told.map(({ event, data }) => [event, data?.['ticket_id'], data?.['version']])).toEqual([
      ['subscription.created', null, null],
      ['ticket.created', ticket.id, 1],
      ['ticket.replied', ticket.id, 2],
      ['ticket.status_changed', ticket.id, 2],
    ]);
  });

  it.each(['ticket.replied', 'ticket.created,ticket.replied'])('tells only events of the types %s', async (types) => {
    const reader = await streams.openLive({ query: `?types=${types}` });
    const { id } = await project.createTicket();
    await reply(id, 'Hello');
    await reply(id, 'Hello again');
    const wanted = (await newsOf(project, 4)).filter(({ event }) => types.split(',').includes(event ?? ''));
    expect(await reader.messages(wanted.length)).toEqual(wanted);
  });

  it('begins behind a cursor of the list, of its pages and of its events', async () => {
    const start = await endOfLog(project);
    for (let n = 0; n < 3; n++) {
      await project.createTicket();
    }
    const all = await newsOf(project, 3);
    for (const [index, after] of [start, ...all.map(({ id }) => id)].entries()) {
      const reader = await streams.open({ query: `?after=${after}` });
      expect(await reader.messages(3 - index)).toEqual(all.slice(index));
    }
    const reader = await streams.openLive({ query: '?after=latest' });
    expect(reader.lastEventId).toBe(all[2]?.id);
  });

  it('goes on behind Last-Event-ID, whatever `after` says', async () => {
    const start = await endOfLog(project);
    await project.createTicket();
    await project.createTicket();
    const all = await newsOf(project, 2);
    const reader = await streams.open({ query: `?after=${start}`, lastEventId: all[0]?.id });
    expect(await reader.messages(1)).toEqual([all[1]]);
    const anew = await streams.open({ query: `?after=${start}`, lastEventId: '' });
    expect(await anew.messages(2)).toEqual(all);
  });

  it('tells every event once and in order to a reader who comes again and again, while many write', async () => {
    const tickets = await Promise.all(Array.from({ length: 6 }, () => project.createTicket()));
    let lastEventId = (await newsOf(project, 6)).at(-1)?.id;
    const writing = Promise.all(
      Array.from({ length: 60 }, async (_, n) => reply(tickets[n % tickets.length]?.id ?? '', `Answer ${n}`)),
    );
    // 60 replies, and one change of status in each of the 6 tickets.
    const total = 66;
    const told: StreamBlock[] = [];
    while (told.length < total) {
      const reader: EventStreamReader = await streams.open({ lastEventId });
      const upTo = Math.min(1 + (told.length % 5), total - told.length);
      told.push(...(await reader.messages(upTo)));
      lastEventId = reader.lastEventId;
      reader.close();
    }
    await writing;
    expect(told).toEqual((await newsOf(project, 6 + total)).slice(6));
  });

  it('tells what happens through another service on the same database', async () => {
    const second = await startTestService({ db: service.db });
    try {
      const [here, there] = [await streams.openLive(), await streams.openLive({}, second.url)];
      await project.createTicket();
      await project.request('POST', `${API}/tickets`, { at: second.url, body: { text: 'Help' } });
      const all = await newsOf(project, 2);
      expect(await here.messages(2)).toEqual(all);
      expect(await there.messages(2)).toEqual(all);
    } finally {
      await second.close();
    }
  });

  it('keeps the sides of a project apart', async () => {
    const [live, test] = [await streams.openLive(), await streams.openLive({ key: project.testKey })];
    await project.createTicket({ text: 'Try' }, project.testKey);
    await project.createTicket({ text: 'Real' });
    expect(await live.messages(1)).toEqual(await newsOf(project, 1));
    const [event] = await readEvents(project, 1, project.testKey);
    expect(await test.messages(1)).toMatchObject([{ id: event?.cursor, data: { id: event?.id } }]);
  });

  it.each([
    ['nonsense', async () => 'nonsense'],
    ['another project’s', async () => endOfLog(await service.createProject())],
    ['the other side’s', async () => endOfLog(project, project.testKey)],
    ['another list’s', async () => Buffer.from('["tickets",[1]]').toString('base64url')],
    [
      'behind the end',
      async () => Buffer.from(JSON.stringify(['events', [project.projectId, 99]])).toString('base64url'),
    ],
    [
      'too old',
      async () => {
        const start = await endOfLog(project);
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
    const cursor = await endOfLog(project);
    const gone = [await streams.openLive({ lastEventId: place }), await streams.openLive({ query: `?after=${place}` })];
    for (const reader of gone) {
      expect(await reader.next()).toEqual({ id: cursor, event: 'reset', data: { cursor } });
    }
    const { id } = await project.createTicket();
    for (const reader of gone) {
      const [message] = await reader.messages(1);
      expect(message).toMatchObject({ event: 'ticket.created', data: { ticket_id: id } });
      // From here on all is well.
      const again = await streams.openLive({ lastEventId: reader.lastEventId });
      expect(again.lastEventId).toBe(message?.id);
    }
  });

  it('goes on when the database was away, and misses nothing', async () => {
    const reader = await streams.openLive();
    await service.db.sql(
      `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
       WHERE datname = current_database() AND pid <> pg_backend_pid()`,
    );
    await eventually(() => project.createTicket());
    expect(await reader.messages(1)).toEqual(await newsOf(project, 1));
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

  it('is an event stream whatever the Accept header says', async () => {
    const { status, headers } = await project.request('GET', STREAM, { headers: { Accept: 'application/json' } });
    expect([status, headers.get('content-type')]).toEqual([200, 'text/event-stream']);
  });

  it('counts once against the rate limit', async () => {
    const limited = await service.createProject({ rateLimitPerMinute: 3 });
    const reader = await streams.openLive({ key: limited.liveKey });
    expect(reader.answer.headers['ratelimit']).toMatch(/^"default";r=2;/);
    for (const n of [1, 2]) {
      await limited.createTicket({ text: `${n}` });
    }
    expect(await reader.messages(2)).toHaveLength(2);
    expect((await limited.request('GET', STREAM)).status).toBe(429);
  });
});

async function reply(id: string, text: string): Promise<void> {
  expect((await project.request('POST', `${API}/tickets/${id}/reply`, { body: { text } })).status).toBe(201);
}

async function issueKey(scopes: readonly string[]) {
  return service.service.app.get(IssueKey, { strict: false }).execute({ slug: project.slug, side: 'live', scopes });
}

/** How a request for the stream is refused: status, code and what the address allows. */
async function refused(method: string, query = '', key: string | null = project.liveKey) {
  const { status, body, headers } = await project.request<ErrorBody>(method, STREAM + query, { key });
  return [status, body.code, headers.get('allow')];
}
