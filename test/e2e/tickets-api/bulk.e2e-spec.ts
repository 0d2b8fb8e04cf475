import { randomUUID } from 'node:crypto';
import type { TicketPayload } from '#contracts';
import { API } from '../../support/answers';
import type { ErrorBody } from '../../support/answers';
import { readEvents } from '../../support/read-events';
import type { TestProject } from '../../support/test-project';
import { startTestService } from '../../support/test-service';
import type { TestService } from '../../support/test-service';

interface BulkBody {
  readonly affected: number;
  readonly results: ReadonlyArray<{
    readonly ticket_id: string;
    readonly ok: boolean;
    readonly changed: boolean;
    readonly error?: { readonly code: string; readonly message: string };
  }>;
}

describe('POST /tickets/bulk', () => {
  let service: TestService;
  let project: TestProject;

  beforeAll(async () => {
    service = await startTestService();
  });
  beforeEach(async () => {
    project = await service.createProject();
  });
  afterAll(() => service.close());

  const bulk = (body: object) => project.request<BulkBody & ErrorBody>('POST', `${API}/tickets/bulk`, { body });
  const read = async (id: string) => (await project.request<TicketPayload>('GET', `${API}/tickets/${id}`)).body;
  const severalTickets = async (count: number) => {
    const tickets = await Promise.all(Array.from({ length: count }, () => project.createTicket()));
    return tickets.map(({ id }) => id);
  };

  it.each([
    ['close', undefined, { status: 'closed' }],
    ['close', null, { status: 'closed' }],
    ['set_status', 'waiting', { status: 'waiting' }],
    ['set_priority', 'urgent', { priority: 'urgent' }],
    ['add_tag', 'VIP', { tags: ['VIP'] }],
  ])('%s with the value %j changes every ticket', async (action, value, expected) => {
    const ticket_ids = await severalTickets(3);
    const { status, body } = await bulk({ ticket_ids, action, value });
    expect([status, body]).toEqual([
      200,
      { affected: 3, results: ticket_ids.map((ticket_id) => ({ ticket_id, ok: true, changed: true })) },
    ]);
    for (const id of ticket_ids) {
      expect(await read(id)).toMatchObject({ ...expected, version: 2 });
    }
  });

  it('assigns, and clears the assignment by null', async () => {
    const ticket_ids = await severalTickets(2);
    const agent = await project.addMember();
    await bulk({ ticket_ids, action: 'assign', value: agent });
    expect((await read(ticket_ids[0] ?? '')).assigned_to).toBe(agent);
    expect((await bulk({ ticket_ids, action: 'assign', value: null })).body.affected).toBe(2);
    expect((await read(ticket_ids[0] ?? '')).assigned_to).toBeNull();
  });

  it('removes a tag in whatever case it is written', async () => {
    const ticket_ids = await severalTickets(1);
    await bulk({ ticket_ids, action: 'add_tag', value: 'VIP' });
    expect((await bulk({ ticket_ids, action: 'add_tag', value: 'vip' })).body.affected).toBe(0);
    expect((await bulk({ ticket_ids, action: 'remove_tag', value: 'vIp' })).body.affected).toBe(1);
    expect((await read(ticket_ids[0] ?? '')).tags).toEqual([]);
  });

  it('counts only the tickets that really changed, and each once', async () => {
    const [first = '', second = ''] = await severalTickets(2);
    await project.request('PATCH', `${API}/tickets/${first}/status`, { body: { status: 'closed' } });
    const { body } = await bulk({ ticket_ids: [first, second, second.toUpperCase()], action: 'close' });
    expect(body).toEqual({
      affected: 1,
      results: [
        { ticket_id: first, ok: true, changed: false },
        { ticket_id: second, ok: true, changed: true },
      ],
    });
  });

  it('lets an unknown ticket, another project’s and one of the test side fail alone', async () => {
    const [mine = ''] = await severalTickets(1);
    const foreign = await (await service.createProject()).createTicket();
    const test = await project.createTicket({}, project.testKey);
    const ticket_ids = [randomUUID(), mine, foreign.id, test.id];
    const { status, body } = await bulk({ ticket_ids, action: 'close' });
    expect([status, body.affected]).toEqual([200, 1]);
    expect(body.results.map(({ ok, error }) => [ok, error?.code])).toEqual([
      [false, 'ticket_not_found'],
      [true, undefined],
      [false, 'ticket_not_found'],
      [false, 'ticket_not_found'],
    ]);
    expect(new Set(body.results.flatMap(({ error }) => (error ? [error.message] : []))).size).toBe(1);
    const rows = await service.db.sql('SELECT status, version FROM ticket WHERE id = ANY($1)', [[foreign.id, test.id]]);
    expect(rows).toEqual([
      { status: 'new', version: 1 },
      { status: 'new', version: 1 },
    ]);
  });

  it('lets a ticket that is full of tags fail alone', async () => {
    const [full = '', free = ''] = await severalTickets(2);
    const tags = Array.from({ length: 20 }, (_, n) => `t${n}`);
    await project.request('PATCH', `${API}/tickets/${full}`, { body: { tags } });
    const { body } = await bulk({ ticket_ids: [full, free], action: 'add_tag', value: 'more' });
    expect(body.results.map(({ ok, changed, error }) => [ok, changed, error?.code])).toEqual([
      [false, false, 'validation_failed'],
      [true, true, undefined],
    ]);
    expect((await read(full)).tags).toEqual(tags);
  });

  it('says what would happen, and changes nothing, as a dry run', async () => {
    const ticket_ids = await severalTickets(2);
    const before = await Promise.all(ticket_ids.map(read));
    const { body } = await bulk({ ticket_ids: [...ticket_ids, randomUUID()], action: 'close', dry_run: true });
    expect(body.affected).toBe(2);
    expect(body.results.map(({ ok, changed }) => [ok, changed])).toEqual([
      [true, true],
      [true, true],
      [false, false],
    ]);
    expect(await Promise.all(ticket_ids.map(read))).toEqual(before);
    expect(await readEvents(project, 2)).toHaveLength(2);
  });

  it('tells of each ticket’s change as if it had come alone', async () => {
    const ticket_ids = await severalTickets(2);
    await bulk({ ticket_ids, action: 'close' });
    const events = await readEvents(project, 6);
    for (const id of ticket_ids) {
      const own = events.filter(({ data }) => data.ticket?.id === id);
      expect(own.map(({ sequence, event }) => [sequence, event])).toEqual([
        [1, 'ticket.created'],
        [2, 'ticket.status_changed'],
        [3, 'ticket.closed'],
      ]);
    }
  });

  it('takes up to 100 tickets', async () => {
    const ids = await severalTickets(1);
    const many = [...ids, ...Array.from({ length: 99 }, () => randomUUID())];
    expect((await bulk({ ticket_ids: many, action: 'close' })).body.affected).toBe(1);
    const tooMany = await bulk({ ticket_ids: [...many, randomUUID()], action: 'close' });
    expect([tooMany.status, tooMany.body.details?.[0]]).toMatchObject([400, { field: 'ticket_ids', code: 'max' }]);
  });

  it('never blocks itself: many over the same tickets in every order, replies and messages between them', async () => {
    const ids = await severalTickets(12);
    const agent = await project.addMember();
    const work = Array.from({ length: 10 }, (_, n) => {
      const ticket_ids = n % 2 ? ids : ids.toReversed();
      const one = `${API}/tickets/${ids[n % ids.length]}`;
      return [
        bulk(
          n % 3
            ? { ticket_ids, action: 'add_tag', value: `t${n % 5}` }
            : { ticket_ids, action: 'assign', value: agent },
        ),
        project.request('POST', `${one}/reply`, { body: { text: `answer ${n}` } }),
        project.request('POST', `${one}/customer-reply`, { body: { text: `question ${n}` } }),
        project.request('POST', `${API}/tickets`, { body: { text: `new ${n}`, external_id: `c${n % 3}` } }),
      ];
    }).flat();
    const statuses = (await Promise.all(work)).map(({ status }) => status);
    expect(statuses.filter((status) => status >= 300)).toEqual([]);
  });

  it.each([
    [{ action: 'close' }, 'ticket_ids', 'required'],
    [{ ticket_ids: [], action: 'close' }, 'ticket_ids', 'min'],
    [{ ticket_ids: 'x', action: 'close' }, 'ticket_ids', 'type'],
    [{ ticket_ids: ['x'], action: 'close' }, 'ticket_ids', 'format'],
    [{ ticket_ids: [null], action: 'close' }, 'ticket_ids', 'type'],
    [{ ticket_ids: [randomUUID()] }, 'action', 'required'],
    [{ ticket_ids: [randomUUID()], action: 'delete' }, 'action', 'enum'],
    [{ ticket_ids: [randomUUID()], action: 'close', value: 'waiting' }, 'value', 'enum'],
    [{ ticket_ids: [randomUUID()], action: 'set_status' }, 'value', 'required'],
    [{ ticket_ids: [randomUUID()], action: 'set_status', value: 'open' }, 'value', 'enum'],
    [{ ticket_ids: [randomUUID()], action: 'set_status', value: 5 }, 'value', 'type'],
    [{ ticket_ids: [randomUUID()], action: 'set_priority', value: 'top' }, 'value', 'enum'],
    [{ ticket_ids: [randomUUID()], action: 'assign', value: '' }, 'value', 'format'],
    [{ ticket_ids: [randomUUID()], action: 'assign', value: randomUUID() }, 'value', 'not_found'],
    [{ ticket_ids: [randomUUID()], action: 'add_tag' }, 'value', 'required'],
    [{ ticket_ids: [randomUUID()], action: 'add_tag', value: 'two words' }, 'value', 'format'],
    [{ ticket_ids: [randomUUID()], action: 'remove_tag', value: '' }, 'value', 'length'],
    [{ ticket_ids: [randomUUID()], action: 'close', dryrun: true }, 'dryrun', 'unknown_field'],
  ])('refuses %j', async (body, field, code) => {
    const answer = await bulk(body);
    const [detail] = answer.body.details ?? [];
    expect([answer.status, detail?.field, detail?.code]).toEqual([400, field, code]);
  });
});
