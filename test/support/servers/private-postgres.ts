import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { createCluster, dataDirectoryArgument } from '../../../libs/database/src/embedded-postgres/create-cluster';
import { ensurePassword, openDataFolder, ownerUrl } from '../../../libs/database/src/embedded-postgres/data-folder';
import type { DataFolder } from '../../../libs/database/src/embedded-postgres/data-folder';
import { preparePostgresBinaries } from '../../../libs/database/src/embedded-postgres/postgres-binaries';
import type { PostgresBinaries } from '../../../libs/database/src/embedded-postgres/postgres-binaries';
import { clearLeftovers } from '../../../libs/database/src/embedded-postgres/postmaster-file';
import { processStart } from '../../../libs/database/src/embedded-postgres/process-identity';
import { chooseServerUser } from '../../../libs/database/src/embedded-postgres/server-user';
import type { ServerUser } from '../../../libs/database/src/embedded-postgres/server-user';
import { GuardedProgram } from '../../../scripts/testing/guarded-program.mjs';
import { makeScratchFolder } from '../../../scripts/testing/scratch-folder.mjs';
import { eventually } from '../eventually';
import { freePort } from '../free-port';
import { processTree } from '../processes/process-tree';

/** A crash of the machine is not tested, so the server need not wait for disks; what it has written survives its own death. */
const SETTINGS = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'logging_collector=off',
  'max_connections=200',
  'fsync=off',
  'full_page_writes=off',
];

const CONNECT_MS = 3_000;

interface Setting {
  readonly folder: DataFolder;
  readonly user: ServerUser;
  readonly binaries: PostgresBinaries;
  readonly port: number;
}

/** A PostgreSQL server of one's own, the embedded one. It ends with this process, however that ends. */
export class PrivatePostgres {
  private program: GuardedProgram | undefined;
  private paused: readonly number[] = [];

  private constructor(
    private readonly setting: Setting,
    /** Address of its database `postgres`, for its superuser. */
    readonly url: string,
  ) {}

  /** @throws {Error} when it does not run on this machine, or does not start. */
  static async start(): Promise<PrivatePostgres> {
    const folder = await openDataFolder(await makeScratchFolder('postgres'));
    const user = await chooseServerUser(folder.cluster);
    const binaries = await preparePostgresBinaries(user, folder.root);
    const password = await ensurePassword(folder, false);
    await createCluster(folder, binaries, user, password);
    const port = await freePort();
    const server = new PrivatePostgres({ folder, user, binaries, port }, ownerUrl(password, port, 'postgres'));
    try {
      await server.run();
      return server;
    } catch (error) {
      await server.stop();
      throw error;
    }
  }

  /** kill -9 of the postmaster; its children die of it. Ends when all are gone. */
  async kill(): Promise<void> {
    const { program } = this;
    if (program?.isRunning) {
      program.signal('SIGSTOP');
      const children = await childrenOf(program.pid);
      await program.kill();
      await this.resume();
      await eventually(() => {
        if (children.some((pid) => processStart(pid) !== undefined)) {
          throw new Error('Children of a killed postmaster live on.');
        }
      });
    }
  }

  /** Lets all its processes stand still, in the middle of whatever they do: connections stay, nobody answers. */
  async pause(): Promise<void> {
    if (this.program?.isRunning) {
      // First: then it starts no more children.
      this.program.signal('SIGSTOP');
      this.paused = [this.program.pid, ...(await childrenOf(this.program.pid))];
      signalAll(this.paused, 'SIGSTOP');
    }
  }

  /** Lets it go on after {@link pause}. */
  resume(): void {
    signalAll(this.paused, 'SIGCONT');
    this.paused = [];
  }

  /** Starts it again with its data and at its address; one that runs is killed before. Ends when it takes connections. */
  async restart(): Promise<void> {
    await this.kill();
    await clearLeftovers(this.setting.folder, () => undefined);
    await this.run();
  }

  /** Ends it for good and removes its data. */
  async stop(): Promise<void> {
    this.resume();
    await this.program?.end();
    await rm(this.setting.folder.root, { recursive: true, force: true });
  }

  private async run(): Promise<void> {
    const { folder, user, binaries, port } = this.setting;
    const settings = [...SETTINGS, `port=${port}`].flatMap((setting) => ['-c', setting]);
    const program = await GuardedProgram.start({
      program: binaries.postgres,
      parameters: ['-D', dataDirectoryArgument(folder.cluster), ...settings],
      cwd: folder.cluster,
      log: join(folder.root, 'postgres.log'),
      env: { LC_ALL: 'C', TZ: 'UTC' },
      user,
      // An immediate shutdown: children that are paused are killed in the end.
      lastSignals: ['QUIT', 'CONT'],
    });
    this.program = program;
    await program.becomesReady(() => this.connects());
  }

  private async connects(): Promise<void> {
    const client = new Client({ connectionString: this.url, connectionTimeoutMillis: CONNECT_MS });
    client.on('error', () => undefined);
    try {
      await client.connect();
    } finally {
      await client.end();
    }
  }
}

async function childrenOf(parent: number): Promise<number[]> {
  return (await processTree()).filter((one) => one.parent === parent).map(({ pid }) => pid);
}

function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    if (processStart(pid) !== undefined) {
      process.kill(pid, signal);
    }
  }
}
