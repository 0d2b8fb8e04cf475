import { execFile } from 'node:child_process';
import { createServer } from 'node:net';
import { mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { claimant } from '../../../libs/database/src/embedded-postgres/claim-data-folder';
import { describeDataFolder } from '../../../libs/database/src/embedded-postgres/data-folder';
import { runningPostmaster } from '../../../libs/database/src/embedded-postgres/postmaster-file';
import { eventually } from '../../support/eventually';
import { makeCheckout } from './checkout';
import type { Checkout } from './checkout';
import { freePort } from '../../support/free-port';
import { Program, runToEnd } from './program';

// Each start is a program that loads, and the machine may be busy.
jest.setTimeout(240_000);

interface Credentials {
  readonly url: string;
  readonly project_id: string;
  readonly slug: string;
  readonly live_key: string;
  readonly test_key: string;
}

const KEY = /^zn_(live|test)_[0-9A-Za-z]{36}$/;

describe('npm start', () => {
  let checkout: Checkout;
  let home: string;
  let dataDir: string;
  let port: number;
  const programs: Program[] = [];

  beforeAll(async () => {
    checkout = await makeCheckout();
    await runToEnd('node', ['scripts/helpdesk.cjs', '--help'], { cwd: checkout.path });
  });

  afterAll(() => checkout.remove());

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'helpdesk-start-'));
    dataDir = join(home, 'data');
    port = await freePort();
  });

  afterEach(async () => {
    programs.splice(0).forEach((program) => program.signal('SIGKILL'));
    await untilPostgresIsGone();
    await rm(home, { recursive: true, force: true });
  });

  const environment = (more: Readonly<Record<string, string>> = {}): Record<string, string> => ({
    PORT: String(port),
    OPS_PORT: '0',
    HELPDESK_DATA_DIR: dataDir,
    DRAIN_SECONDS: '0',
    ...more,
  });

  function launch(more?: Readonly<Record<string, string>>): Program {
    const program = Program.run('npm', ['start'], { cwd: checkout.path, env: environment(more) });
    programs.push(program);
    return program;
  }

  async function start(more?: Readonly<Record<string, string>>): Promise<Program> {
    const program = launch(more);
    await program.says('"event":"service.ready"');
    return program;
  }

  const helpdesk = (...args: string[]) =>
    runToEnd('node', ['scripts/helpdesk.cjs', ...args, '--json'], { cwd: checkout.path, env: environment() });

  const credentialsPath = (): string => join(dataDir, 'credentials.json');

  async function credentials(): Promise<Credentials> {
    return JSON.parse(await readFile(credentialsPath(), 'utf8')) as Credentials;
  }

  async function untilPostgresIsGone(): Promise<void> {
    await eventually(async () => expect(await postmaster()).toBeUndefined());
  }

  const postmaster = () => runningPostmaster(join(dataDir, 'postgres', 'cluster'));

  const request = (method: string, path: string, key: string, body?: unknown): Promise<Response> =>
    fetch(`http://127.0.0.1:${port}/v1/helpdesk${path}`, {
      method,
      headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });

  async function openTicket(key: string, text: string): Promise<void> {
    expect((await request('POST', '/tickets', key, { text })).status).toBe(201);
  }

  async function ticketCount(key: string): Promise<number> {
    const response = await request('GET', '/tickets', key);
    expect(response.status).toBe(200);
    return ((await response.json()) as { total: number }).total;
  }

  it('makes a project whose keys it prints, with a first request that works as it stands', async () => {
    const server = await start();
    await server.says(/curl -X POST/);

    const made = await credentials();
    expect(made).toEqual({
      url: `http://localhost:${port}`,
      project_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      slug: 'helpdesk',
      live_key: expect.stringMatching(KEY),
      test_key: expect.stringMatching(KEY),
    });
    expect((await stat(credentialsPath())).mode & 0o777).toBe(0o600);
    expect((await stat(dataDir)).mode & 0o777).toBe(0o700);
    expect(server.stdout).toContain(made.live_key);
    expect(server.stdout).toContain(made.test_key);
    // The secret that it made for itself is not for production.
    expect(server.stdout).toMatch(/"event":"key_pepper.generated".*Set it in production/);

    const [curl] = /curl -X POST[^]*?}'/.exec(server.stdout) ?? [];
    const { stdout } = await promisify(execFile)('sh', ['-c', `curl -s ${String(curl).slice(4)}`]);
    expect(JSON.parse(stdout)).toMatchObject({ ticket_number: 1, status: 'new', is_test: false });
    expect(await ticketCount(made.test_key)).toBe(0);
  });

  it('keeps everything over a restart, and neither installs nor builds again', async () => {
    const first = await start();
    const { live_key: key } = await credentials();
    const kept = await readFile(credentialsPath(), 'utf8');
    await openTicket(key, 'Kept?');
    first.signal('SIGTERM');
    expect(await first.ended).toBe(0);

    const began = performance.now();
    const second = launch();
    await eventually(async () => expect(await ticketCount(key)).toBe(1), 60_000);
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    process.stdout.write(`Second npm start: first answer after ${seconds} s\n`);
    await second.says('"event":"service.ready"');

    expect(second.stderr).not.toMatch(/Installing|Building/);
    expect(second.stdout).not.toContain(key);
    expect(await readFile(credentialsPath(), 'utf8')).toBe(kept);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('ends at %s with exit code 0, its database with it', async (signal) => {
    const server = await start();
    expect(await postmaster()).toBeDefined();
    server.signal(signal);
    expect(await server.ended).toBe(0);
    expect(await postmaster()).toBeUndefined();
    expect(await readdir(dataDir)).toEqual(['credentials.json', 'postgres']);
  });

  it('leaves nothing running when npm is killed', async () => {
    const server = await start();
    server.signal('SIGKILL');
    await untilPostgresIsGone();
    await eventually(async () => {
      const answered = await request('GET', '/tickets', 'x').then(
        () => true,
        () => false,
      );
      expect(answered).toBe(false);
    });
  });

  it('loses nothing that was answered, and leaves no Postgres, when the server is killed', async () => {
    const server = await start();
    const { live_key: key } = await credentials();
    await Promise.all(Array.from({ length: 20 }, (_, n) => openTicket(key, `Ticket ${n}`)));
    await killServer(server);
    await untilPostgresIsGone();

    await start();
    expect(await ticketCount(key)).toBe(20);
  });

  async function killServer(npm: Program): Promise<void> {
    const server = await claimant(describeDataFolder(join(dataDir, 'postgres')));
    expect(server).not.toBe(npm.pid);
    process.kill(server as number, 'SIGKILL');
    await npm.ended;
  }

  it('makes good a first start that was killed between its project and its keys', async () => {
    const killed = launch({ HELPDESK_FAULT: 'firstProject.created#1' });
    await killed.ended;
    await expect(stat(credentialsPath())).rejects.toMatchObject({ code: 'ENOENT' });

    const server = await start();
    const { live_key, test_key, project_id } = await credentials();
    expect(server.stdout).toContain(live_key);
    await openTicket(live_key, 'Live');
    await openTicket(test_key, 'Test');
    const { stdout } = await helpdesk('project', 'list');
    expect((JSON.parse(stdout) as { projects: unknown[] }).projects).toEqual([
      expect.objectContaining({ project_id, slug: 'helpdesk' }),
    ]);
    expect(await readdir(dataDir)).toEqual(['credentials.json', 'postgres']);
  });

  it('gives no new keys to a project whose keys are in use', async () => {
    const first = await start();
    const { live_key } = await credentials();
    await openTicket(live_key, 'In use');
    first.signal('SIGTERM');
    await first.ended;
    await rename(credentialsPath(), `${credentialsPath()}.pending`);

    const second = await start();
    expect(second.stdout).toMatch(/"event":"first_project.keys_in_use".*npx helpdesk key create --project helpdesk/);
    await expect(stat(credentialsPath())).rejects.toMatchObject({ code: 'ENOENT' });
    expect(await ticketCount(live_key)).toBe(1);
  });

  it('takes commands while it runs, and when it does not', async () => {
    const server = await start();
    const beside = await helpdesk('project', 'create', '--name', 'Beside');
    expect(beside).toMatchObject({ exit: 0, stderr: '' });
    const { live_key, slug } = JSON.parse(beside.stdout) as Credentials;
    expect(slug).toBe('beside');
    await openTicket(live_key, 'By a key of the command line');
    server.signal('SIGTERM');
    await server.ended;

    const without = await helpdesk('project', 'list');
    expect(without).toMatchObject({ exit: 0, stderr: '' });
    const { projects } = JSON.parse(without.stdout) as { projects: { slug: string }[] };
    expect(projects.map((project) => project.slug)).toEqual(['helpdesk', 'beside']);
    expect(await postmaster()).toBeUndefined();
  });

  it('says in one line that its port is taken, before it has made anything', async () => {
    const other = createServer().listen(port);
    const { exit, stderr } = await refusedStart();
    other.close();
    expect(exit).toBe(1);
    expect(stderr).toBe(
      `Port ${port} is taken by another program. Stop it, or choose another one: PORT=${port + 1}.\n`,
    );
    await expect(stat(dataDir)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it.each([
    [{ PORT: 'http' }, 'PORT: "http" must be a number'],
    [{ HELPDESK_ROLES: 'tickets-ap' }, 'did you mean tickets-api?'],
    [
      { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' },
      'Start the server, or correct host and port in DATABASE_URL.',
    ],
  ])('refuses %j and says why', async (more, message) => {
    const { exit, stderr } = await refusedStart(more);
    expect(exit).toBe(1);
    expect(stderr).toContain(message);
    await expect(stat(dataDir)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  /** The program that npm start runs, for npm adds words of its own when that ends badly. */
  const refusedStart = (more?: Readonly<Record<string, string>>) =>
    runToEnd('node', ['scripts/start.mjs'], { cwd: checkout.path, env: environment(more) });

  it('runs only the apps that HELPDESK_ROLES names', async () => {
    await start({ HELPDESK_ROLES: 'tickets-api' });
    const { live_key } = await credentials();
    expect(await ticketCount(live_key)).toBe(0);
    expect((await request('GET', '/usage', live_key)).status).toBe(404);
  });
});
