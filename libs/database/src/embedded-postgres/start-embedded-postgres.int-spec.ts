import { transformFileSync } from '@swc/core';
import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readdir, readFile, readlink, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { Client } from 'pg';
import { processTree } from '../../../../test/support/processes/process-tree';
import { describeDataFolder } from './data-folder';
import { findEmbeddedPostgres } from './find-embedded-postgres';
import { pollUntil, runningPostmaster } from './postmaster-file';
import type { EmbeddedPostgres } from './start-embedded-postgres';
import { startEmbeddedPostgres } from './start-embedded-postgres';

const BINARIES = `@embedded-postgres/${process.platform}-${process.arch}`;
const WAIT_MS = 30_000;

/** What a process of its own says after its start. */
interface Answer {
  readonly url: string;
  readonly firstStart: boolean;
  readonly fault?: string;
  readonly message?: string;
}

async function sql(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.query(text)).rows as Record<string, unknown>[];
  } finally {
    await client.end();
  }
}

const writeNote = (url: string): Promise<unknown> =>
  sql(url, `CREATE TABLE note (text text); INSERT INTO note VALUES ('kept')`);
const readNote = (url: string): Promise<unknown> => sql(url, 'SELECT text FROM note');
const KEPT = [{ text: 'kept' }];

function kill(...pids: number[]): void {
  pids.forEach((pid) => process.kill(pid, 'SIGKILL'));
}

/** The two processes that tie a server to the one that started it: its parent, and that one's other child. */
async function guardsOf(server: number): Promise<number[]> {
  const tree = await processTree();
  const guard = tree.find(({ pid }) => pid === server)!.parent;
  const watcher = tree.find(({ pid, parent }) => parent === guard && pid !== server)!.pid;
  return [watcher, guard];
}

const isLink = (path: string): Promise<boolean> =>
  readlink(path).then(
    () => true,
    () => false,
  );

/**
 * An installation of its own in a folder that only its owner may enter, as a checkout in a home folder is, with its
 * packages as `npm ci --ignore-scripts` leaves them.
 * @returns the program that starts the server on the data folder of its first argument.
 */
async function install(home: string, options: { binaries: boolean }): Promise<string> {
  const { resolve } = createRequire(__filename);
  const modules = join(home, 'node_modules');
  await mkdir(join(modules, dirname(BINARIES)), { recursive: true });
  await symlink(dirname(resolve('pg/package.json')), join(modules, 'pg'));
  if (options.binaries) {
    await cp(dirname(dirname(resolve(BINARIES))), join(modules, BINARIES), {
      recursive: true,
      filter: async (path) => !(await isLink(path)),
    });
  }
  for (const name of (await readdir(__dirname)).filter((file) => !file.includes('spec'))) {
    const { code } = transformFileSync(join(__dirname, name), {
      swcrc: false,
      jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
      module: { type: 'commonjs' },
    });
    await writeFile(join(home, name.replace(/ts$/, 'js')), code);
  }
  const main = join(home, 'main.cjs');
  await writeFile(
    main,
    `const { startEmbeddedPostgres } = require('./start-embedded-postgres.js');
     process.on('message', () => undefined); // stays, as a server does
     startEmbeddedPostgres({ dataDir: process.argv[2] })
       .then((server) => process.send(server), ({ fault, message }) => process.send({ fault, message }));`,
  );
  return main;
}

describe('the embedded PostgreSQL', () => {
  let installation: string;
  let main: string;
  let home: string;
  let dataDir: string;
  const servers: EmbeddedPostgres[] = [];
  const children: ChildProcess[] = [];

  // mkdtemp makes folders of mode 0700: under root, the server's user can enter none of them.
  beforeAll(async () => {
    installation = await mkdtemp(join(tmpdir(), 'helpdesk-pg-'));
    main = await install(installation, { binaries: true });
  });

  afterAll(() => rm(installation, { recursive: true, force: true }));

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'helpdesk-pg-'));
    dataDir = join(home, 'data', 'postgres');
  });

  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.stop()));
    children.splice(0).forEach((child) => child.kill('SIGKILL'));
    await untilStopped();
    await rm(home, { recursive: true, force: true });
  });

  const clusterDir = (): string => describeDataFolder(dataDir).cluster;

  async function start(): Promise<EmbeddedPostgres> {
    const server = await startEmbeddedPostgres({ dataDir });
    servers.push(server);
    return server;
  }

  async function postmasterPid(): Promise<number> {
    return (await runningPostmaster(clusterDir()))!.pid;
  }

  async function untilStopped(): Promise<void> {
    expect(await pollUntil(WAIT_MS, async () => (await runningPostmaster(clusterDir())) === undefined)).toBe(true);
  }

  async function startProcess(program = main): Promise<{ child: ChildProcess; answer: Answer }> {
    const child = fork(program, [dataDir], { execArgv: [] });
    children.push(child);
    const [answer] = (await once(child, 'message')) as [Answer];
    return { child, answer };
  }

  it('makes its data at the first start and keeps it over a restart', async () => {
    const first = await start();
    expect(first.firstStart).toBe(true);
    await writeNote(first.url);
    await first.stop();
    expect(await runningPostmaster(clusterDir())).toBeUndefined();

    const second = await start();
    expect(second.firstStart).toBe(false);
    expect(await readNote(second.url)).toEqual(KEPT);
  });

  it('listens on this machine only, wants its password, and is durable', async () => {
    const { url } = await start();
    expect(
      await sql(
        url,
        `SELECT current_setting('listen_addresses') listen, current_setting('unix_socket_directories') sockets,
                current_setting('fsync') fsync, current_setting('synchronous_commit') commit,
                current_setting('full_page_writes') pages`,
      ),
    ).toEqual([{ listen: '127.0.0.1', sockets: '', fsync: 'on', commit: 'on', pages: 'on' }]);

    const wrong = new URL(url);
    wrong.password = 'wrong';
    await expect(sql(wrong.toString(), 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
    expect((await stat(describeDataFolder(dataDir).passwordFile)).mode & 0o777).toBe(0o600);
  });

  it('knows the words of Russian and English texts', async () => {
    const { url } = await start();
    expect(
      await sql(
        url,
        `SELECT to_tsvector('russian', '«Оплата» — не прошла…') @@ plainto_tsquery('russian', 'ОПЛАТУ') russian,
                to_tsvector('english', 'Logins fail') @@ plainto_tsquery('english', 'login') english,
                lower('ЁЖ') lower`,
      ),
    ).toEqual([{ russian: true, english: true, lower: 'ёж' }]);
  });

  it('writes no texts of rows into its log', async () => {
    const { url } = await start();
    await sql(url, 'CREATE TABLE message (body text CHECK (length(body) < 5))');
    await expect(sql(url, `INSERT INTO message VALUES ('a secret')`)).rejects.toMatchObject({ code: '23514' });
    const log = await readFile(describeDataFolder(dataDir).log, 'utf8');
    expect(log).toContain('violates check constraint');
    expect(log).not.toContain('a secret');
  });

  it('refuses a second start on the same data, whoever asks, and leaves the first in peace', async () => {
    const { url } = await start();
    await writeNote(url);
    await expect(startEmbeddedPostgres({ dataDir })).rejects.toMatchObject({ fault: 'in_use' });
    const { answer } = await startProcess();
    expect(answer.message).toMatch(new RegExp(`process ${process.pid}\\..*HELPDESK_DATA_DIR`));
    expect(await readNote(url)).toEqual(KEPT);
  });

  it('is found by other commands while it runs', async () => {
    expect(await findEmbeddedPostgres({ dataDir })).toBeUndefined();
    const server = await start();
    expect(await findEmbeddedPostgres({ dataDir })).toBe(server.url);
    await server.stop();
    expect(await findEmbeddedPostgres({ dataDir })).toBeUndefined();
  });

  it('starts again on its own after its server was killed, at the same address and with all that was committed', async () => {
    const { url } = await start();
    await writeNote(url);
    kill(await postmasterPid());
    const answers = (): Promise<boolean> =>
      readNote(url).then(
        () => true,
        () => false,
      );
    expect(await pollUntil(WAIT_MS, answers)).toBe(true);
    expect(await readNote(url)).toEqual(KEPT);
  });

  it('is back after its guard was killed, and stops with nothing left', async () => {
    const server = await start();
    await writeNote(server.url);
    const unguarded = await postmasterPid();
    kill(...(await guardsOf(unguarded)));
    const isReplaced = async (): Promise<boolean> => {
      const state = await runningPostmaster(clusterDir());
      return state?.status === 'ready' && state.pid !== unguarded;
    };
    expect(await pollUntil(WAIT_MS, isReplaced)).toBe(true);
    expect(await readNote(server.url)).toEqual(KEPT);
    await server.stop();
    expect(await runningPostmaster(clusterDir())).toBeUndefined();
  });

  it('stops while its killed server is being started again', async () => {
    const server = await start();
    kill(await postmasterPid());
    await server.stop();
    expect(await runningPostmaster(clusterDir())).toBeUndefined();
  });

  it('begins anew when the first start was killed half-way', async () => {
    const half = join(dataDir, 'new-cluster', 'cluster');
    await mkdir(half, { recursive: true });
    await writeFile(join(half, 'PG_VERSION'), '18\n');
    expect((await start()).firstStart).toBe(true);
    expect(await readdir(dataDir)).not.toContain('new-cluster');
  });

  it('starts beside the process file of a dead server, even when its process id lives again', async () => {
    const first = await start();
    await writeNote(first.url);
    const file = join(clusterDir(), 'postmaster.pid');
    const text = await readFile(file, 'utf8');
    await first.stop();
    await writeFile(file, text.replace(/^\d+/, String(process.pid)));
    expect(await readNote((await start()).url)).toEqual(KEPT);
  });

  it('runs from an installation without links in a closed folder', async () => {
    const { answer } = await startProcess();
    expect(answer).toMatchObject({ firstStart: true });
    expect(await sql(answer.url, 'SELECT 1 one')).toEqual([{ one: 1 }]);
    const native = join(installation, 'node_modules', BINARIES, 'native');
    const links = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8')) as { target: string }[];
    expect(await readdir(join(native, 'lib'))).toEqual(
      expect.arrayContaining(links.map((entry) => basename(entry.target))),
    );
  });

  it('says what to do where its package is not installed', async () => {
    const { answer } = await startProcess(await install(home, { binaries: false }));
    expect(answer).toMatchObject({ fault: 'unsupported', message: expect.stringContaining('DATABASE_URL') });
  });

  it('ends with its process, even after kill -9', async () => {
    const { child } = await startProcess();
    expect(await runningPostmaster(clusterDir())).toBeDefined();
    kill(child.pid!);
    await untilStopped();
  });

  it('starts again at once after kill -9 of its process, with all that was committed', async () => {
    const { child, answer } = await startProcess();
    await writeNote(answer.url);
    kill(child.pid!);
    const again = await startProcess();
    expect(again.answer).toMatchObject({ firstStart: false });
    expect(await readNote(again.answer.url)).toEqual(KEPT);
  });

  it('starts again at once after kill -9 of its process and its server', async () => {
    const { child, answer } = await startProcess();
    await writeNote(answer.url);
    kill(child.pid!, await postmasterPid());
    const again = await startProcess();
    expect(await readNote(again.answer.url)).toEqual(KEPT);
  });

  it('stops the server that is left when process and guard were killed', async () => {
    const { child, answer } = await startProcess();
    await writeNote(answer.url);
    const orphan = await postmasterPid();
    kill(...(await guardsOf(orphan)), child.pid!);
    const again = await startProcess();
    expect(await readNote(again.answer.url)).toEqual(KEPT);
    expect(await postmasterPid()).not.toBe(orphan);
  });
});
