import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestDatabase } from '#testing';
import type { TestDatabase } from '#testing';
import { emptyDatabase } from '../../contract/schema/empty-database';
import { EventStreamReader } from '../../support/event-stream';
import { eventually } from '../../support/eventually';
import { assertBuilt } from '../../support/processes/built-code';
import { describeWithBroker, openTestBroker } from '../../support/test-broker';
import type { TestBroker } from '../../support/test-broker';
import { freePort } from '../../support/free-port';
import { Program, runToEnd } from './program';

// Each start is several programs that load, and the machine may be busy.
jest.setTimeout(240_000);

const ROOT = join(__dirname, '..', '..', '..');
const APPS = ['tickets-api', 'config-api', 'routing-engine', 'sla-worker'];
const PATIENCE_MS = 120_000;

type Line = Readonly<Record<string, unknown>>;

describe('npm run start:split', () => {
  let db: TestDatabase;
  let dataDir: string;
  let port: number;
  let opsPort: number;
  const programs: Program[] = [];

  beforeAll(assertBuilt);

  beforeEach(async () => {
    db = await createTestDatabase();
    await emptyDatabase(db);
    dataDir = await mkdtemp(join(tmpdir(), 'helpdesk-split-'));
    [port, opsPort] = [await freePort(), await freePort(APPS.length)];
  });

  afterEach(async () => {
    programs.splice(0).forEach((program) => program.signal('SIGKILL'));
    await untilNothingRuns();
    await db.drop();
    await rm(dataDir, { recursive: true, force: true });
  });

  const environment = (more: Readonly<Record<string, string>> = {}): Record<string, string> => ({
    DATABASE_URL: db.url,
    DATABASE_POOL_SIZE: '4',
    EVENT_TRANSPORT: 'postgres',
    PORT: String(port),
    OPS_PORT: String(opsPort),
    HELPDESK_DATA_DIR: dataDir,
    DRAIN_SECONDS: '0',
    ...more,
  });

  async function start(more?: Readonly<Record<string, string>>): Promise<Program> {
    const program = Program.run('npm', ['run', 'start:split'], { cwd: ROOT, env: environment(more) });
    programs.push(program);
    await program.says('"event":"split.ready"');
    return program;
  }

  /** The processes of a start that the system knows, by the names of their apps. */
  async function pidsOf(): Promise<Map<string, number>> {
    const found = new Map<string, number>();
    for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
      const [command, variables] = await Promise.all(
        ['cmdline', 'environ'].map((name) => readFile(join('/proc', pid, name), 'utf8').catch(() => '')),
      );
      const app = /(?:dist\/apps\/([a-z-]+)\/main|scripts\/start-(split))\./
        .exec(command ?? '')
        ?.slice(1)
        .find(Boolean);
      if (app && variables?.split('\0').includes(`HELPDESK_DATA_DIR=${dataDir}`)) {
        found.set(app, Number(pid));
      }
    }
    return found;
  }

  async function untilNothingRuns(): Promise<void> {
    await eventually(async () => expect([...(await pidsOf()).keys()]).toEqual([]), PATIENCE_MS);
  }

  async function liveKey(): Promise<string> {
    const text = await readFile(join(dataDir, 'credentials.json'), 'utf8');
    return (JSON.parse(text) as { live_key: string }).live_key;
  }

  const url = (): string => `http://127.0.0.1:${port}`;

  const request = (method: string, path: string, key: string, body?: unknown): Promise<Response> =>
    fetch(`${url()}${path}`, {
      method,
      headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });

  const openTicket = (key: string, text: string) => request('POST', '/v1/helpdesk/tickets', key, { text });

  it('serves every app behind one address, by a process each', async () => {
    const split = await start();
    const key = await liveKey();
    expect(split.stdout).toContain(key);
    expect((await openTicket(key, 'Help')).status).toBe(201);
    const usage = await request('GET', '/v1/helpdesk/usage', key);
    expect([usage.status, await usage.json()]).toEqual([200, expect.objectContaining({ replies: 0 })]);

    const document = (await (await fetch(`${url()}/openapi.json`)).json()) as { paths: object; servers: object[] };
    expect(Object.keys(document.paths)).toEqual(expect.arrayContaining(['/v1/helpdesk/tickets', '/v1/helpdesk/usage']));
    expect(document.servers).toEqual([expect.objectContaining({ url: `http://localhost:${port}` })]);
    const unknown = await request('GET', '/v1/nothing', key);
    expect([unknown.status, await unknown.json()]).toEqual([404, expect.objectContaining({ code: 'not_found' })]);

    expect([...(await pidsOf()).keys()].toSorted()).toEqual([...APPS, 'split'].toSorted());
    const services = new Set(linesOf(split).map(({ service }) => service));
    expect([...services]).toEqual(expect.arrayContaining([...APPS, 'split']));
    for (const index of APPS.keys()) {
      expect((await fetch(`http://127.0.0.1:${opsPort + index}/readyz`)).status).toBe(200);
    }
    const doctor = await runToEnd('node', ['scripts/helpdesk.cjs', 'doctor'], { cwd: ROOT, env: environment() });
    expect(doctor).toMatchObject({ exit: 0, stdout: expect.stringMatching(/^ok +database/m) });
  });

  it('starts an app again that was killed, and says meanwhile that the platform is busy', async () => {
    const split = await start();
    const key = await liveKey();
    const killed = (await pidsOf()).get('config-api') as number;
    process.kill(killed, 'SIGKILL');
    await eventually(async () => {
      const answer = await request('GET', '/v1/helpdesk/usage', key);
      expect([answer.status, await answer.json()]).toEqual([503, expect.objectContaining({ code: 'platform_busy' })]);
    }, PATIENCE_MS);
    expect((await openTicket(key, 'Served all the same')).status).toBe(201);
    await eventually(
      async () => expect((await request('GET', '/v1/helpdesk/usage', key)).status).toBe(200),
      PATIENCE_MS,
    );
    expect((await pidsOf()).get('config-api')).not.toBe(killed);
    await split.says('"event":"app.restarted"');
    expect(linesOf(split)).toContainEqual(
      expect.objectContaining({ event: 'app.ended', app: 'config-api', signal: 'SIGKILL', restart_in_ms: 500 }),
    );
  });

  it('ends at SIGTERM with exit code 0, every app in order and streams of events too', async () => {
    const split = await start();
    const key = await liveKey();
    const stream = await EventStreamReader.open(url(), { key });
    expect((await stream.next())?.comment).toBe('welcome');
    await openTicket(key, 'Told on the stream');
    expect(await stream.messages(1)).toEqual([expect.objectContaining({ event: 'ticket.created' })]);

    split.signal('SIGTERM');
    await stream.ended();
    expect(await split.ended).toBe(0);
    await untilNothingRuns();
    const stopped = linesOf(split).filter(({ event }) => event === 'service.stopped');
    expect(stopped.map(({ service }) => service).toSorted()).toEqual(APPS.toSorted());

    const kept = await readFile(join(dataDir, 'credentials.json'), 'utf8');
    await start();
    expect(await readFile(join(dataDir, 'credentials.json'), 'utf8')).toBe(kept);
    expect((await request('GET', '/v1/helpdesk/tickets', key)).status).toBe(200);
  });

  it('leaves nothing running when npm is killed, or the process that started the apps', async () => {
    const byNpm = await start();
    byNpm.signal('SIGKILL');
    await untilNothingRuns();

    await start();
    process.kill((await pidsOf()).get('split') as number, 'SIGKILL');
    await untilNothingRuns();
  });

  it.each([
    [{ DATABASE_URL: '' }, /^DATABASE_URL is not set\. .*npm start\.\n$/],
    [{ EVENT_TRANSPORT: '' }, /RABBITMQ_URL: must be given .* EVENT_TRANSPORT=postgres\n$/s],
    [{ HELPDESK_ROLES: 'mailer' }, /^HELPDESK_ROLES: there is no app "mailer"\. The apps are: /],
    [{ OPS_PORT: '65535' }, /^OPS_PORT: 4 processes take 4 ports from 65535 on, .*OPS_PORT=9464\n$/],
    [
      { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' },
      /cannot be used: .*\nThe database could not be brought up/,
    ],
  ])('refuses %j and says what to do', async (more, words) => {
    const refused = await runToEnd('node', ['scripts/start-split.mjs'], { cwd: ROOT, env: environment(more) });
    expect(refused).toMatchObject({ exit: 1, stderr: expect.stringMatching(words) });
    expect(await readdir(dataDir)).toEqual([]);
  });

  describeWithBroker('with a broker', () => {
    let broker: TestBroker;

    beforeEach(async () => {
      broker = await openTestBroker();
    });

    afterEach(async () => {
      programs.forEach((program) => program.signal('SIGKILL'));
      await untilNothingRuns();
      await broker.remove([]);
    });

    it('lets every event travel over it', async () => {
      await start({ EVENT_TRANSPORT: '', RABBITMQ_URL: broker.url, RABBITMQ_PREFIX: broker.prefix });
      const { queue } = await broker.channel.assertQueue('', { exclusive: true });
      await broker.channel.bindQueue(queue, broker.topology.exchange, '#');
      expect((await openTicket(await liveKey(), 'Over the broker')).status).toBe(201);
      await eventually(async () => {
        const message = await broker.channel.get(queue, { noAck: true });
        expect(message && message.fields.routingKey).toMatch(/^ticket\.created\./);
      }, PATIENCE_MS);
    });
  });
});

/** The log of a program, whichever of its processes wrote it. */
function linesOf({ stdout }: Program): Line[] {
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Line);
}
