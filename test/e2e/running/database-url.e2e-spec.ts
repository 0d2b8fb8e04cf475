import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestDatabase } from '#testing';
import type { TestDatabase } from '#testing';
import { emptyDatabase } from '../../contract/schema/empty-database';
import { assertBuilt } from '../../support/processes/built-code';
import { freePort } from '../../support/free-port';
import { Program, runToEnd } from './program';

// Each start is a program that loads, and the machine may be busy.
jest.setTimeout(240_000);

const ROOT = join(__dirname, '..', '..', '..');
const app = (name: string): string => join(ROOT, 'dist', 'apps', name, 'main.js');

describe('a database server of one’s own', () => {
  let db: TestDatabase;
  let home: string;
  const programs: Program[] = [];

  beforeAll(assertBuilt);

  beforeEach(async () => {
    db = await createTestDatabase();
    await emptyDatabase(db);
    home = await mkdtemp(join(tmpdir(), 'helpdesk-database-url-'));
  });

  afterEach(async () => {
    await Promise.all(
      programs.splice(0).map((program) => {
        program.signal('SIGKILL');
        return program.ended;
      }),
    );
    await db.drop();
    await rm(home, { recursive: true, force: true });
  });

  const environment = (more: Readonly<Record<string, string>> = {}): Record<string, string> => ({
    DATABASE_URL: db.url,
    DATABASE_POOL_SIZE: '4',
    PORT: '0',
    OPS_PORT: '0',
    DRAIN_SECONDS: '0',
    ...more,
  });

  function launch(name: string, more: Readonly<Record<string, string>>): Program {
    const program = Program.run(process.execPath, [app(name)], { cwd: home, env: environment(more) });
    programs.push(program);
    return program;
  }

  const migrate = (more?: Readonly<Record<string, string>>) =>
    runToEnd(process.execPath, [app('migrate')], { cwd: home, env: environment(more) });

  const projectCount = async (): Promise<number> =>
    (await db.sql('SELECT FROM project WHERE live_project_id IS NULL')).length;

  it('is migrated, gets a project, and keeps both over a restart', async () => {
    const dataDir = join(home, 'data');
    const first = launch('all-in-one', { HELPDESK_DATA_DIR: dataDir });
    await first.says(/curl -X POST/);
    expect(await readdir(dataDir)).toEqual(['credentials.json']);
    const kept = await readFile(join(dataDir, 'credentials.json'), 'utf8');
    expect(await projectCount()).toBe(1);
    first.signal('SIGTERM');
    expect(await first.ended).toBe(0);

    const second = launch('all-in-one', { HELPDESK_DATA_DIR: dataDir });
    await second.says('"event":"service.ready"');
    expect(await readFile(join(dataDir, 'credentials.json'), 'utf8')).toBe(kept);
    expect(await projectCount()).toBe(1);
  });

  it('gets one project from two processes that start on it at once, and one of them has its keys', async () => {
    const dirs = ['a', 'b'].map((name) => join(home, name));
    const both = dirs.map((dir) => launch('all-in-one', { HELPDESK_DATA_DIR: dir }));
    await Promise.all(both.map((program) => program.says('"event":"service.ready"')));
    expect(await projectCount()).toBe(1);
    const withKeys = await Promise.all(dirs.map((dir) => readdir(dir).catch(() => [])));
    expect(withKeys.toSorted()).toEqual([[], ['credentials.json']]);
  });

  it('is migrated once by two runs of migrate at once', async () => {
    const runs = await Promise.all([migrate(), migrate()]);
    expect(runs.map(({ exit, stderr }) => [exit, stderr])).toEqual([
      [0, ''],
      [0, ''],
    ]);
    const lines = runs.flatMap(({ stdout }) => stdout.trim().split('\n'));
    const events = lines.map((line) => JSON.parse(line) as { event: string; name?: string });
    const names = events.filter(({ event }) => event === 'migration.applied').map(({ name }) => name);
    expect(names.length).toBeGreaterThan(0);
    expect(names).toEqual([...new Set(names)]);
    expect(events.filter(({ event }) => event === 'migrations.done')).toHaveLength(2);
  });

  it('has to be named for migrate, and to be there', async () => {
    expect(await migrate({ DATABASE_URL: '' })).toEqual({
      exit: 1,
      stdout: '',
      stderr: expect.stringMatching(/^DATABASE_URL is not set\..*\n$/),
    });
    expect(await migrate({ DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' })).toEqual({
      exit: 1,
      stdout: '',
      stderr: expect.stringMatching(/^The database 127\.0\.0\.1:1\/none cannot be used: .*DATABASE_URL\.\n$/),
    });
  });

  it.each(['tickets-api', 'config-api'])('is refused by %s until it is migrated, then served', async (name) => {
    const early = launch(name, {});
    expect(await early.ended).toBe(1);
    expect(early.stderr).toMatch(/^The database lacks .* Run `npx helpdesk migrate up` first\.\n$/);

    expect((await migrate()).exit).toBe(0);
    const port = await freePort();
    const served = launch(name, { PORT: String(port) });
    await served.says('"event":"service.ready"');
    expect((await fetch(`http://127.0.0.1:${port}/openapi.json`)).status).toBe(200);
    served.signal('SIGTERM');
    expect(await served.ended).toBe(0);
  });
});
