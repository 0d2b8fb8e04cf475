import { API } from '../../support/answers';
import type { ErrorBody, EventBody, EventListBody } from '../../support/answers';
import { readEvents } from '../../support/read-events';
import type { TestProject } from '../../support/test-project';
import { startTestService } from '../../support/test-service';
import type { TestService } from '../../support/test-service';

const ids = ({ events }: { readonly events: readonly EventBody[] }) => events.map(({ id }) => id);

describe('GET /events', () => {
  let service: TestService;
  let project: TestProject;
  let all: EventBody[];

  beforeAll(async () => {
    service = await startTestService();
    project = await service.createProject();
    const tickets = [];
    for (let n = 0; n < 5; n++) {
      tickets.push(await project.createTicket({ text: `Ticket ${n}` }));
    }
    for (const { id } of tickets) {
      await project.request('POST', `${API}/tickets/${id}/reply`, { body: { text: 'Hello' } });
    }
    all = await readEvents(project, 15);
  });
  afterAll(() => service.close());

  const get = async (query: string) => (await project.request<EventListBody>('GET', `${API}/events${query}`)).body;

  it('answers each event in the form of the log', () => {
    expect(all).toHaveLength(15);
    expect(Object.keys(all[0] ?? {})).toEqual([
      'id',
      'cursor',
      'event',
      'sequence',
      'created_at',
      'request_id',
      'data',
    ]);
    expect(all[0]).toMatchObject({ event: 'ticket.created', sequence: 1, data: { ticket: { ticket_number: 1 } } });
    expect(all[0]?.created_at).toBe(all[0]?.data.ticket?.created_at);
  });

  it('begins with the oldest, and ends with a cursor to go on from', async () => {
    const page = await get('?limit=4');
    expect(page).toEqual({ events: all.slice(0, 4), next_cursor: all[3]?.cursor, has_more: true });
    const rest = await get(`?limit=100&after=${page.next_cursor}`);
    expect([ids(rest), rest.has_more]).toEqual([ids({ events: all.slice(4) }), false]);
    expect(await get(`?after=${rest.next_cursor}`)).toEqual({
      events: [],
      next_cursor: rest.next_cursor,
      has_more: false,
    });
  });

  it('goes on behind any event', async () => {
    for (const [index, { cursor }] of all.entries()) {
      expect(ids(await get(`?limit=100&after=${cursor}`))).toEqual(ids({ events: all.slice(index + 1) }));
    }
  });

  it('filters by type and loses nothing over the pages', async () => {
    const wanted = ['ticket.replied', 'ticket.status_changed'];
    const events: EventBody[] = [];
    let after = '';
    for (let more = true; more;) {
      const page = await get(`?types=${wanted.join(',')}&limit=3${after}`);
      events.push(...page.events);
      [after, more] = [`&after=${page.next_cursor}`, page.has_more];
    }
    expect(ids({ events })).toEqual(ids({ events: all.filter(({ event }) => wanted.includes(event)) }));
  });

  it('says where the end is, without the events', async () => {
    const end = await get('?after=latest');
    expect(end).toEqual({ events: [], next_cursor: all.at(-1)?.cursor, has_more: false });
    const fresh = await service.createProject();
    const empty = (await fresh.request<EventListBody>('GET', `${API}/events?after=latest`)).body;
    await fresh.createTicket();
    await readEvents(fresh, 1);
    const next = await fresh.request<EventListBody>('GET', `${API}/events?after=${empty.next_cursor}`);
    expect(next.body.events.map(({ event }) => event)).toEqual(['ticket.created']);
  });

  it('shows each event once, per ticket in order, while many write at once', async () => {
    const busy = await service.createProject();
    const tickets = await Promise.all(Array.from({ length: 8 }, () => busy.createTicket()));
    const writing = Promise.all(
      Array.from({ length: 120 }, (_, n) => {
        const { id } = tickets[n % tickets.length] ?? { id: '' };
        return n % 3
          ? busy.request('POST', `${API}/tickets/${id}/reply`, { body: { text: `${n}` } })
          : busy.request('POST', `${API}/tickets`, { body: { text: `${n}` } });
      }),
    );
    const progress = { written: false };
    const done = writing.finally(() => (progress.written = true));
    // A reader that follows along sees what one that comes afterwards sees.
    const followed: EventBody[] = [];
    let after = '';
    const follow = async () => {
      const { events, next_cursor } = (await busy.request<EventListBody>('GET', `${API}/events?limit=7${after}`)).body;
      followed.push(...events);
      after = `&after=${next_cursor}`;
      return events.length;
    };
    while (!progress.written) {
      await follow();
    }
    await done;
    // 8 + 40 openings, 80 replies, and one change of status in each of the 8 tickets.
    const events = await readEvents(busy, 136);
    while ((await follow()) > 0);
    expect(ids({ events: followed })).toEqual(ids({ events }));
    expect(new Set(ids({ events })).size).toBe(136);
    const sequences = new Map<string, number[]>();
    for (const { sequence, data } of events) {
      const id = data.ticket?.id ?? '';
      sequences.set(id, [...(sequences.get(id) ?? []), sequence]);
    }
    for (const own of sequences.values()) {
      expect(own).toEqual(own.map((_, index) => index + 1));
    }
  });

  it('has no place for a cursor whose events are no longer kept', async () => {
    const old = await service.createProject();
    for (let n = 0; n < 3; n++) {
      await old.createTicket();
    }
    const [first, second, third] = await readEvents(old, 3);
    await service.db.sql('DELETE FROM outbox WHERE project_id = $1 AND position <= 2', [old.projectId]);
    await service.db.sql('UPDATE event_log_head SET pruned_through = 2 WHERE project_id = $1', [old.projectId]);
    const read = (query: string) => old.request<EventListBody & ErrorBody>('GET', `${API}/events${query}`);
    const expired = await read(`?after=${first?.cursor}`);
    expect([expired.status, expired.body.code]).toEqual([410, 'cursor_expired']);
    expect(ids((await read(`?after=${second?.cursor}`)).body)).toEqual([third?.id]);
    expect(ids((await read('')).body)).toEqual([third?.id]);
  });

  it('takes the cursors of its own project and side alone', async () => {
    const other = await service.createProject();
    for (const key of [other.liveKey, project.testKey]) {
      const { status, body } = await project.request<ErrorBody>('GET', `${API}/events?after=${all[0]?.cursor}`, {
        key,
      });
      expect([status, body.details?.[0]]).toMatchObject([400, { field: 'after', code: 'format' }]);
    }
  });

  it.each([
    ['after=%21', 'after', 'format'],
    ['after=0', 'after', 'format'],
    ['types=ticket.exploded', 'types', 'enum'],
    ['types=', 'types', 'enum'],
    ['limit=0', 'limit', 'min'],
    ['limit=101', 'limit', 'max'],
    ['offset=1', 'offset', 'unknown_field'],
    ['type=ticket.created', 'type', 'unknown_field'],
  ])('refuses %s', async (query, field, code) => {
    const { status, body } = await project.request<ErrorBody>('GET', `${API}/events?${query}`);
    const [detail] = body.details ?? [];
    expect([status, detail?.field, detail?.code]).toEqual([400, field, code]);
  });
});
