import { randomUUID } from 'node:crypto';
import * as fc from 'fast-check';
import type { QueryRunner } from 'typeorm';
import type { ProjectScope } from '#database';
import { MIGRATIONS } from '#schema';
import { insertRow } from '#testing';
import { AssignTicket, BulkUpdate, CreateTicket, RateTicket, ReplyToTicket, UpdateTicket } from '#tickets';
import { RollUpFacts } from '../roll-up-facts/roll-up-facts.use-case';
import { SlaScene } from '../sla-under-test-spec';
import type { SlaProcess } from '../sla-under-test-spec';
import { countAgain, TICKET_ROWS } from './report-under-test-spec';
import type { TicketRows } from './report-under-test-spec';
import { REPORT_GROUPINGS } from './domain/report-count';
import type { ReportGrouping } from './domain/report-count';
import { SlaReport } from './sla-report.query';
import type { ReportGroup, SlaReportRequest, SlaReportView } from './sla-report.query';

const HOUR_MS = 3_600_000;
const ACTOR = { type: 'key', id: null, name: 'zn_test_1234' } as const;
const ZONES = ['UTC', 'Europe/Berlin', 'Asia/Kolkata', 'Pacific/Auckland', 'America/St_Johns'];

/** One thing that happens; numbers choose among what there is. */
type Step = readonly [what: keyof typeof STEPS, one: number, other: number];

let scene: SlaScene;
let processes: readonly [SlaProcess, SlaProcess];
let side: ProjectScope;
let tickets: string[];
let agents: string[];
let types: string[];

const choose = <T>(list: readonly T[], number: number): T => list[number % list.length] as T;
const of = (process: number): SlaProcess => choose(processes, process);

/** Everything that changes what a report tells, and what must not change it. */
const STEPS = {
  open: async (one: number, other: number) => {
    const command = {
      actor: ACTOR,
      source: 'api',
      text: 'Help',
      subject: null,
      channel: choose(['virtual', 'telegram', 'virtual'] as const, one),
      chatId: one % 3 === 1 ? 1 + other : null,
      externalId: null,
      firstName: null,
      username: null,
      ticketTypeId: choose([null, ...types], other),
    } as const;
    tickets.push((await of(one).get(CreateTicket).execute(side, command)).id);
  },
  reply: async (one: number, other: number) => {
    const said = { actor: ACTOR, text: 'Hello', agentId: null, cannedResponseId: null };
    const status = choose([undefined, 'closed', 'in_progress'] as const, other);
    const command = { ...said, ticketId: choose(tickets, one), internal: other % 5 === 4, status };
    await of(other).get(ReplyToTicket).execute(side, command);
  },
  write: async (one: number, other: number) => {
    const [ticket] = await scene.db.sql(
      `SELECT id FROM ticket WHERE id = ANY($1) AND channel = 'virtual' ORDER BY hashtext(id::text || $2) LIMIT 1`,
      [tickets, String(one)],
    );
    if (ticket) {
      await of(other).write(side, ticket['id'] as string);
    }
  },
  setStatus: async (one: number, other: number) =>
    of(other).setStatus(side, choose(tickets, one), choose(['closed', 'in_progress'] as const, other)),
  assign: async (one: number, other: number) => {
    const command = { actor: ACTOR, ticketId: choose(tickets, one), agentId: choose([null, ...agents], other) };
    await of(other).get(AssignTicket).execute(side, command);
  },
  setType: async (one: number, other: number) => {
    const command = { actor: ACTOR, ticketId: choose(tickets, one), ticketTypeId: choose([null, ...types], other) };
    await of(other).get(UpdateTicket).execute(side, command);
  },
  bulk: async (one: number, other: number) => {
    const action = choose(
      [
        { type: 'set_status', status: 'closed' },
        { type: 'assign', agentId: agents[0] ?? null },
        { type: 'set_status', status: 'new' },
      ] as const,
      other,
    );
    const command = { actor: ACTOR, ticketIds: tickets.slice(one % tickets.length), action, dryRun: false };
    await of(other).get(BulkUpdate).execute(side, command);
  },
  changeThresholds: async (one: number, other: number) =>
    scene.set({
      sla_first_reply_hours: choose([null, 1, 4, 24], one),
      sla_resolve_hours: choose([null, 2, 30, 300], other),
    }),
  rate: async (one: number, other: number) => {
    const rated = {
      ticketId: choose(tickets, one),
      rating: 1 + (other % 5),
      comment: other % 4 === 0 ? 'Fine' : undefined,
    };
    await of(other).get(RateTicket).execute(side, rated).catch(expectRefusal);
  },
  moveClock: async (one: number, other: number) => {
    side = await scene.advance((one % 40) + (other % 3_600_000) / HOUR_MS);
  },
  scan: async (one: number) => of(one).scan(),
  rollUp: async (one: number) => of(one).get(RollUpFacts).execute(new AbortController().signal, 1),
  rollUpTwice: async () => {
    const signal = new AbortController().signal;
    await Promise.all(processes.map((one) => one.get(RollUpFacts).execute(signal, 1)));
  },
};

/** Who was not asked cannot rate. */
function expectRefusal(error: unknown): void {
  expect(error).toMatchObject({ code: 'conflict' });
}

const step: fc.Arbitrary<Step> = fc.tuple(
  fc.constantFrom(...(Object.keys(STEPS) as Array<keyof typeof STEPS>), 'moveClock', 'reply', 'setStatus', 'rate'),
  fc.nat(1_000_000),
  fc.nat(10_000_000),
);

beforeAll(async () => {
  scene = await SlaScene.open();
  processes = [await scene.launch(), await scene.launch()];
});
beforeEach(begin);
afterAll(() => scene.close());

/** A new project with agents and types, and a first ticket. */
async function begin(): Promise<void> {
  await scene.beginProject();
  side = scene.sides.test;
  [tickets, agents, types] = [[], [randomUUID(), randomUUID()], [randomUUID(), randomUUID()]];
  const project_id = scene.sides.live.projectId;
  for (const [index, id] of agents.entries()) {
    const member = { project_id, id, name: `Agent ${index}`, role: 'support', email: `${id}@example.com` };
    await insertRow(scene.db, 'member', { ...member, created_at: new Date() });
  }
  for (const [index, id] of types.entries()) {
    const type = { project_id, id, name: `Type ${index}`, created_at: new Date(), updated_at: new Date() };
    await insertRow(scene.db, 'ticket_type', type);
  }
  await STEPS.open(0, 0);
}

async function run(steps: readonly Step[]): Promise<void> {
  for (const [what, one, other] of steps) {
    await STEPS[what](one, other);
  }
}

const report = (request: SlaReportRequest = {}): Promise<SlaReportView> =>
  processes[0].get(SlaReport).execute(side, request);
const rollUp = (): Promise<unknown> => STEPS.rollUp(0);
const notRolledUp = async (): Promise<number> => {
  const [row] = await scene.db.sql<{ n: number }>('SELECT count(*)::int AS n FROM ticket_fact WHERE project_id = $1', [
    side.projectId,
  ]);
  return row?.n ?? 0;
};

/** The same report, counted again from all rows. */
async function fromRows(
  { from, to }: { readonly from: Date; readonly to: Date },
  groupBy: ReportGrouping | undefined,
  timezone: string,
): Promise<Pick<SlaReportView, 'tickets' | 'firstReply' | 'resolve' | 'csat'> & { groups: Record<string, unknown> }> {
  const rows = await scene.db.sql<TicketRows & Record<string, unknown>>(TICKET_ROWS, [side.projectId]);
  const inPeriod = (at: number) => at >= from.getTime() && at < to.getTime();
  const groups: Record<string, unknown> = {};
  if (groupBy === 'day') {
    const dateAt = new Intl.DateTimeFormat('sv-SE', { timeZone: timezone, dateStyle: 'short' });
    for (let at = from.getTime() - 25 * HOUR_MS; at < to.getTime() + 25 * HOUR_MS; at += HOUR_MS / 2) {
      const date = dateAt.format(at);
      groups[date] ??= countAgain(rows, (one) => inPeriod(one) && dateAt.format(one) === date);
    }
  } else if (groupBy !== undefined) {
    for (const key of [null, ...agents, ...types, 'virtual', 'telegram']) {
      groups[String(key)] = countAgain(rows, inPeriod, { by: groupBy, key });
    }
  }
  return { ...countAgain(rows, inPeriod), groups };
}

/** Only groups of which there is something to say. */
function saying(groups: Record<string, unknown>): Record<string, unknown> {
  const nothing = JSON.stringify(countAgain([], () => true));
  return Object.fromEntries(Object.entries(groups).filter(([, numbers]) => JSON.stringify(numbers) !== nothing));
}

function byKey(groups: readonly ReportGroup[] = []): Record<string, unknown> {
  return Object.fromEntries(groups.map(({ key, name: _name, ...numbers }) => [String(key), numbers]));
}

/** Holds the report against the rows, in a period that any two instants may bound. */
async function expectTheTruth(
  bounds: readonly [number, number],
  groupBy: ReportGrouping | undefined,
  timezone: string,
): Promise<void> {
  const [start] = await scene.db.sql<{ at: Date }>('SELECT min(created_at) AS at FROM ticket WHERE project_id = $1', [
    side.projectId,
  ]);
  const begun = start?.at.getTime() ?? 0;
  const span = Date.now() + side.clockOffsetMs - begun + 2 * HOUR_MS;
  const [from, to] = bounds
    .map((share) => begun - HOUR_MS + Math.floor((share / 1_000_000) * span))
    .toSorted((one, other) => one - other) as [number, number];
  const period = { from: new Date(from), to: new Date(to + 1) };
  const { groups, period: _period, thresholds: _thresholds, ...numbers } = await report({ ...period, groupBy });
  const { groups: again, ...numbersAgain } = await fromRows(period, groupBy, timezone);
  expect(numbers).toEqual(numbersAgain);
  expect(byKey(groups)).toEqual(saying(again));
}

describe('the report', () => {
  it('tells what someone counts from all rows, whatever has happened and however much of it was rolled up', async () => {
    const life = fc.record({
      timezone: fc.constantFrom(...ZONES),
      steps: fc.array(step, { minLength: 15, maxLength: 35 }),
      looks: fc.array(
        fc.tuple(fc.tuple(fc.nat(1_000_000), fc.nat(1_000_000)), fc.constantFrom(undefined, ...REPORT_GROUPINGS)),
        { minLength: 3, maxLength: 3 },
      ),
    });
    await fc.assert(
      fc.asyncProperty(life, async ({ timezone, steps, looks }) => {
        await begin();
        await scene.set({ timezone, csat_enabled: true });
        const half = Math.floor(steps.length / 2);
        await run(steps.slice(0, half));
        await expectTheTruth([0, 1_000_000], undefined, timezone);
        await run(steps.slice(half));
        for (const [bounds, groupBy] of looks) {
          await expectTheTruth(bounds, groupBy, timezone);
        }
        await rollUp();
        expect(await notRolledUp()).toBe(0);
        for (const groupBy of [undefined, ...REPORT_GROUPINGS]) {
          await expectTheTruth([0, 1_000_000], groupBy, timezone);
        }
      }),
      { numRuns: 8, endOnFailure: true },
    );
  });

  it('is made anew from the tickets that are there when the tables are made', async () => {
    await run([
      ['changeThresholds', 1, 1],
      ['open', 1, 1],
      ['open', 2, 2],
      ['moveClock', 3, 0],
      ['reply', 1, 0],
      ['scan', 0, 0],
      ['setStatus', 0, 0],
      ['assign', 2, 1],
      ['moveClock', 30, 0],
      ['scan', 0, 0],
    ]);
    await rollUp();
    const before = await report({ groupBy: 'agent' });
    const rows = `SELECT kind, day, facts FROM report_day WHERE project_id = $1 AND facts > 0 ORDER BY 1, 2`;
    const packed = await scene.db.sql(rows, [side.projectId]);
    const runner = { query: (text: string) => scene.db.sql(text) } as unknown as QueryRunner;
    const [migration] = MIGRATIONS.map((Migration) => new Migration()).filter(({ name }) =>
      name.startsWith('SlaReport'),
    );
    await migration?.down(runner);
    await migration?.up(runner);
    expect(await scene.db.sql(rows, [side.projectId])).toEqual(packed);
    expect(await report({ groupBy: 'agent', from: before.period.from, to: before.period.to })).toEqual(before);
  });
});
