import { randomUUID } from 'node:crypto';
import { readEnvironment } from '#platform';
import { createTestDatabase } from '#testing';
import type { TestDatabase } from '#testing';
import { runCommandLine } from '../../../apps/cli/src/run-command-line';
import { eventually } from '../../support/eventually';
import { LedgerModule } from '../../support/ledger/ledger.module';
import { createLedger, LEDGER_CONSUMERS } from '../../support/ledger/ledger-table';
import { readEvents } from '../../support/read-events';
import { brokerEnvironment } from '../../support/suite-transport';
import type { TestProject } from '../../support/test-project';
import { startTestService } from '../../support/test-service';
import type { TestService } from '../../support/test-service';

const [FIRST, SECOND] = LEDGER_CONSUMERS;

let db: TestDatabase;
let service: TestService;
let project: TestProject;

async function begin(): Promise<void> {
  db = await createTestDatabase();
  await createLedger(db);
  service = await startTestService({ db, modules: [LedgerModule] });
  project = await service.createProject();
}

async function end(): Promise<void> {
  await service.close();
  await db.drop();
}

interface Told {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
}

/** Runs `helpdesk …` beside the service. */
async function helpdesk(...args: string[]): Promise<Told> {
  const told = { out: '', err: '' };
  const source = { DATABASE_URL: db.url, ...(await brokerEnvironment(db)) };
  const exit = await runCommandLine(args, {
    out: (text) => (told.out += text),
    err: (text) => (told.err += text),
    environment: () => readEnvironment(source),
  });
  return { exit, ...told };
}

async function json(...args: string[]): Promise<Record<string, unknown>> {
  const { exit, out } = await helpdesk(...args, '--json');
  expect(exit).toBe(0);
  return JSON.parse(out) as Record<string, unknown>;
}

const replay = (...args: string[]) => json('events', 'replay', '--consumer', FIRST, ...args);

const countOf = async (...args: string[]) => (await replay('--force', '--dry-run', ...args))['events'];

/** Waits until the consumer has had so many effects. */
async function effects(consumer: string, count: number): Promise<void> {
  await eventually(async () => {
    expect(await db.sql('SELECT FROM ledger WHERE consumer = $1', [consumer])).toHaveLength(count);
  });
}

const idle = (consumer: string) => ({ consumer, pending: 0, oldest_seconds: 0, waiting: [0, 0, 0, 0, 0], dead: 0 });

describe('helpdesk events lag', () => {
  beforeEach(begin);
  afterEach(end);

  it('says that nothing waits', async () => {
    await project.createTicket();
    await effects(FIRST, 1);
    await eventually(async () =>
      expect(await json('events', 'lag', '--max-age', '0')).toEqual({
        outbox: { unpublished: 0, oldest_seconds: 0 },
        consumers: [idle(FIRST), idle(SECOND)],
      }),
    );
    const { exit, out } = await helpdesk('events', 'lag');
    expect(exit).toBe(0);
    expect(out).toContain('The outbox has 0 event(s) to publish.');
    expect(out).toMatch(/^ledger\.first +0 +0 +0\/0\/0\/0\/0 +0$/m);
  });

  it('exits with 1 when something has waited for longer than it may, in the outbox or for a consumer', async () => {
    await service.service.close();
    await db.sql(
      `INSERT INTO outbox (event_id, project_id, type, aggregate_id, aggregate_seq, body, created_at)
       VALUES ($1, $2, 'ticket.created', $1, 1, '{}', now() - interval '1 hour')`,
      [randomUUID(), project.projectId],
    );
    const late = await helpdesk('events', 'lag', '--max-age', '600', '--json');
    expect(late).toMatchObject({ exit: 1, err: '' });
    const { outbox } = JSON.parse(late.out) as { readonly outbox: Record<string, number> };
    expect(outbox['unpublished']).toBe(1);
    expect(outbox['oldest_seconds']).toBeGreaterThanOrEqual(3600);
    expect(await helpdesk('events', 'lag', '--max-age', '7200')).toMatchObject({ exit: 0 });
    expect(await helpdesk('events', 'lag')).toMatchObject({ exit: 0 });
  });
});

describe('helpdesk events replay', () => {
  beforeEach(begin);
  afterEach(end);

  it('gives one consumer again what it has handled only by force', async () => {
    await project.createTicket();
    await project.createTicket();
    await effects(FIRST, 2);
    await effects(SECOND, 2);
    const [, last] = await readEvents(project, 2);
    expect(await replay('--from', '2020-01-01')).toEqual({ events: 0, last_event_id: null, dry_run: false });
    const all = { events: 2, last_event_id: last?.id };
    expect(await replay('--from', '2020-01-01', '--force', '--dry-run')).toEqual({ ...all, dry_run: true });
    expect(await replay('--from', '2020-01-01', '--force')).toEqual({ ...all, dry_run: false });
    await effects(FIRST, 4);
    await effects(SECOND, 2);
  });

  it('begins and ends at an event or a cursor, and keeps to a project, a side and types', async () => {
    for (const key of [project.liveKey, project.liveKey, project.testKey]) {
      await project.createTicket({}, key);
    }
    const other = await service.createProject();
    await other.createTicket();
    await effects(FIRST, 4);
    const [first, second] = await readEvents(project, 2);
    expect(await countOf('--from', '2020-01-01')).toBe(4);
    expect(await countOf('--from', '2020-01-01', '--to', '2020-01-02T00:00:00Z')).toBe(0);
    expect(await countOf('--from', second!.id)).toBe(3);
    expect(await countOf('--from', first!.id, '--to', second!.id)).toBe(2);
    expect(await countOf('--from', first!.cursor)).toBe(1);
    expect(await countOf('--from', '2020-01-01', '--project', project.slug)).toBe(2);
    expect(await countOf('--from', '2020-01-01', '--project', project.slug, '--test')).toBe(1);
    expect(await countOf('--from', '2020-01-01', '--types', 'ticket.closed,ticket.replied')).toBe(0);
    const mixed = await helpdesk(
      'events',
      'replay',
      '--consumer',
      FIRST,
      '--from',
      first!.cursor,
      '--project',
      other.slug,
    );
    expect(mixed).toEqual({ exit: 2, out: '', err: expect.stringContaining('of several projects') });
  });
});

describe('what cannot be done', () => {
  beforeAll(begin);
  afterAll(end);

  it.each(['-1', 'soon', '1.5', '99999999999'])('refuses the age %s', async (age) => {
    const { exit, err } = await helpdesk('events', 'lag', `--max-age=${age}`);
    expect([exit, err]).toEqual([2, expect.stringContaining('--max-age must be seconds')]);
  });

  it.each([
    [2, ['--from', 'yesterday'], '--from must be a time'],
    [2, [], 'needs --from'],
    [2, ['--from', '2020-01-01', '--test'], '--test needs --project'],
    [1, ['--from', '2020-01-01', '--project', 'nobody'], 'no project with the slug "nobody"'],
    [1, ['--from', randomUUID()], 'There is no event'],
    [1, ['--from', '2020-01-01', '--types', 'ticket.unknown'], 'takes no ticket.unknown'],
  ])('ends with %i for %j', async (exit, args, message) => {
    const told = await helpdesk('events', 'replay', '--consumer', FIRST, ...args);
    expect(told).toEqual({ exit, out: '', err: expect.stringContaining(message) });
  });

  it('refuses a consumer that there is not, and names those that there are', async () => {
    const { exit, err } = await helpdesk('events', 'replay', '--consumer', 'nobody', '--from', '2020-01-01');
    expect([exit, err]).toEqual([1, `There is no consumer "nobody". There are: ${FIRST}, ${SECOND}.\n`]);
  });
});
