import { randomUUID } from 'node:crypto';
import { CHANNELS, SLA_STATUSES, TICKET_PRIORITIES, TICKET_STATUSES } from '#contracts';
import type { ProjectScope } from '#database';
import { createTestDatabase, insertProject, insertRow } from '#testing';
import type { TestDatabase } from '#testing';
import { tagKey } from '../domain/tags';
import type { Ticket } from '../domain/ticket';
import { ticketsOn } from '../tickets-under-test-spec';
import { TICKET_SORTS } from './ticket-filter';
import type { TicketFilter, TicketSort } from './ticket-filter';

const T0 = Date.parse('2026-11-01T00:00:00.000Z');
const hour = (n: number) => new Date(T0 + n * 3_600_000);
const HOURS = 12;
const TAGS = [[], ['VIP'], ['vip', 'Оплата'], ['x']];

/** The n-th of many tickets that together have every combination of neighbouring values, and many equal times. */
function variedTicket(n: number, agents: readonly string[], types: readonly string[]): Partial<Ticket> {
  const pick = <T>(values: readonly T[], step: number): T => values[Math.floor(n / step) % values.length] as T;
  const status = pick(TICKET_STATUSES, 1);
  const tags = pick(TAGS, 3);
  return {
    status,
    closedAt: status === 'closed' ? hour(20) : null,
    priority: pick(TICKET_PRIORITIES, 2),
    channel: pick(CHANNELS, 1),
    assignedTo: pick([null, ...agents], 5),
    ticketTypeId: pick([null, ...types], 7),
    tags,
    tagKeys: tags.map(tagKey),
    waitingSince: n % 3 === 0 ? hour(n % HOURS) : null,
    slaFirstReplyStatus: pick(SLA_STATUSES, 2),
    slaResolveStatus: pick(SLA_STATUSES, 11),
    slaDueAt: n % 4 === 0 ? hour(n % 5) : null,
    createdAt: hour(n % HOURS),
    updatedAt: hour((n * 5) % HOURS),
  };
}

const within = (time: Date, from: Date | undefined, to: Date | undefined) =>
  (!from || time >= from) && (!to || time < to);

/** The filter in the words of the specification. */
function matches(ticket: Ticket, filter: TicketFilter): boolean {
  const { sla, unanswered } = filter;
  const slaStatuses: string[] = [ticket.slaFirstReplyStatus, ticket.slaResolveStatus];
  return (
    (!filter.statuses || filter.statuses.includes(ticket.status)) &&
    (filter.assignedTo === undefined || ticket.assignedTo === filter.assignedTo) &&
    (!filter.priority || ticket.priority === filter.priority) &&
    (!filter.channel || ticket.channel === filter.channel) &&
    (!filter.ticketTypeId || ticket.ticketTypeId === filter.ticketTypeId) &&
    (!filter.tag || ticket.tags.some((tag) => tag.toLowerCase() === filter.tag?.toLowerCase())) &&
    (!filter.subscriberId || ticket.subscriberId === filter.subscriberId) &&
    within(ticket.createdAt, filter.createdAfter, filter.createdBefore) &&
    within(ticket.updatedAt, filter.updatedAfter, undefined) &&
    (!sla || slaStatuses.includes(sla === 'at_risk' ? 'warning' : 'breached')) &&
    (unanswered === undefined || (ticket.waitingSince !== null) === unanswered)
  );
}

const newestFirst = (a: Ticket, b: Ticket) => b.createdAt.getTime() - a.createdAt.getTime() || (a.id < b.id ? 1 : -1);
const dueTime = ({ slaDueAt }: Ticket) => slaDueAt?.getTime() ?? Number.MAX_SAFE_INTEGER;

/** The orders in the words of the specification; equals by id. */
const COMPARE: Readonly<Record<TicketSort, (a: Ticket, b: Ticket) => number>> = {
  '-created_at': newestFirst,
  created_at: (a, b) => newestFirst(b, a),
  '-updated_at': (a, b) => b.updatedAt.getTime() - a.updatedAt.getTime() || (a.id < b.id ? 1 : -1),
  priority: (a, b) =>
    TICKET_PRIORITIES.indexOf(b.priority) - TICKET_PRIORITIES.indexOf(a.priority) || newestFirst(a, b),
  sla_due_at: (a, b) => dueTime(a) - dueTime(b) || (a.id > b.id ? 1 : -1),
};

describe('FindTickets', () => {
  let db: TestDatabase;
  let scope: ProjectScope;
  let stored: Ticket[];
  let filters: Array<readonly [string, TicketFilter]>;
  let desk: ReturnType<typeof ticketsOn>;

  beforeAll(async () => {
    db = await createTestDatabase();
    desk = ticketsOn(db);
    scope = (await insertProject(db)).live;
    const [agents, types] = [[await aMember(), await aMember()], [await aType()]];
    const subscriberId = await aSubscriber();
    const many = Array.from({ length: 180 }, (_, n) => variedTicket(n, agents, types));
    stored = await desk.store(scope, [...many, { subscriberId }, { subscriberId }]);
    const { live: other } = await insertProject(db);
    await desk.store(other, [{}, { status: 'closed', closedAt: hour(1) }]);
    filters = [
      ['none', {}],
      ['one status', { statuses: ['waiting'] }],
      ['several statuses', { statuses: ['new', 'closed'] }],
      ['an assignee', { assignedTo: agents[1] }],
      ['no assignee', { assignedTo: null }],
      ['a priority', { priority: 'urgent' }],
      ['a channel', { channel: 'max' }],
      ['a type', { ticketTypeId: types[0] }],
      ['a tag', { tag: 'vIP' }],
      ['a tag in another script', { tag: 'ОПЛАТА' }],
      ['a subscriber', { subscriberId }],
      ['a first moment of creation', { createdAfter: hour(5) }],
      ['a last moment of creation', { createdBefore: hour(5) }],
      ['a first moment of change', { updatedAfter: hour(7) }],
      ['clocks at risk', { sla: 'at_risk' }],
      ['breached clocks', { sla: 'breached' }],
      ['waiting customers', { unanswered: true }],
      ['answered customers', { unanswered: false }],
      ['several conditions', { statuses: ['new', 'waiting'], unanswered: true, tag: 'vip', createdAfter: hour(2) }],
      ['conditions that nothing meets', { tag: 'nobody-has-this' }],
    ];
  });
  afterAll(() => db.drop());

  const aMember = () =>
    insert('member', { email: randomUUID(), name: 'Olga', role: 'support', created_at: new Date() });
  const aType = () => insert('ticket_type', { name: 'Bug', created_at: new Date(), updated_at: new Date() });
  const aSubscriber = () => insert('subscriber', { channel: 'telegram', chat_id: 1, created_at: new Date() });

  async function insert(table: string, row: object): Promise<string> {
    const id = randomUUID();
    await insertRow(db, table, { project_id: scope.projectId, id, ...row });
    return id;
  }

  async function page(filter: TicketFilter, sort: TicketSort, place: object = {}) {
    const found = await desk.findTickets.execute(scope, { filter, sort, limit: 100, offset: 0, ...place });
    const tickets = JSON.parse(`[${found.tickets}]`) as Array<{ id: string }>;
    return { ...found, ids: tickets.map(({ id }) => id) };
  }

  /** Follows the cursor to the end. */
  async function allPages(filter: TicketFilter, sort: TicketSort): Promise<string[]> {
    const ids: string[] = [];
    let after: readonly unknown[] | undefined;
    do {
      const found = await page(filter, sort, { limit: 17, after });
      ids.push(...found.ids);
      after = found.nextKeys;
    } while (after);
    return ids;
  }

  it('is tried with filters that each leave something in and something out', () => {
    const counts = filters.map(
      ([name, filter]) => [name, stored.filter((one) => matches(one, filter)).length] as const,
    );
    const idle = counts.filter(([, count]) => count === 0 || count === stored.length).map(([name]) => name);
    expect(idle).toEqual(['none', 'conditions that nothing meets']);
  });

  describe.each(TICKET_SORTS)('sorted by %s', (sort) => {
    it('finds by every filter exactly what it says, in order, page by page, and counts it', async () => {
      for (const [name, filter] of filters) {
        const expected = stored.filter((ticket) => matches(ticket, filter)).toSorted(COMPARE[sort]);
        const ids = expected.map((ticket) => ticket.id);
        expect([name, await allPages(filter, sort)]).toEqual([name, ids]);
        const byOffset = await page(filter, sort, { limit: 10, offset: 3 });
        expect([name, byOffset.ids]).toEqual([name, ids.slice(3, 13)]);
        expect([name, byOffset.total]).toEqual([name, ids.length]);
      }
    });

    it('shows each ticket once, even when new ones come in between the pages', async () => {
      const { live } = await insertProject(db);
      const before = await desk.store(
        live,
        Array.from({ length: 30 }, (_, n) => variedTicket(n, [], [])),
      );
      const shown: string[] = [];
      let after: readonly unknown[] | undefined;
      do {
        const found = await desk.findTickets.execute(live, { filter: {}, sort, limit: 4, offset: 0, after });
        shown.push(...(JSON.parse(`[${found.tickets}]`) as Array<{ id: string }>).map(({ id }) => id));
        after = found.nextKeys;
        await desk.store(live, [variedTicket(shown.length, [], []), { priority: 'urgent' }, {}]);
      } while (after && shown.length < 500);
      expect(new Set(shown).size).toBe(shown.length);
      expect(before.filter(({ id }) => !shown.includes(id))).toEqual([]);
    });
  });

  it('renders each ticket as the record does', async () => {
    const { tickets } = await desk.findTickets.execute(scope, { filter: {}, sort: 'created_at', limit: 1, offset: 0 });
    const [oldest] = stored.toSorted(COMPARE.created_at);
    expect(JSON.parse(tickets)).toMatchObject({
      id: oldest?.id,
      ticket_number: oldest?.ticketNumber,
      created_at: oldest?.createdAt.toISOString(),
    });
  });
});
