import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { open, rename, stat } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { dataDirectoryArgument } from './create-cluster';
import type { DataFolder } from './data-folder';
import { EmbeddedPostgresError } from './embedded-postgres.errors';
import type { PostgresBinaries } from './postgres-binaries';
import { pollUntil, runningPostmaster } from './postmaster-file';
import type { ServerUser } from './server-user';

/** Everything needed to run one server. */
export interface ServerPlan {
  readonly folder: DataFolder;
  readonly binaries: PostgresBinaries;
  readonly user: ServerUser;
  readonly onProgress: (line: string) => void;
}

/**
 * A shell between us and the server. It waits on a pipe of which we hold the other end: when we end it, or die in
 * whatever way, the shell asks the server to stop (SIGINT: fast shutdown, open transactions are rolled back).
 */
const GUARD = `
"$0" "$@" </dev/null 3<&- & server=$!
(read -r _ <&3; kill -INT $server) & watcher=$!
exec 3<&-
wait $server; code=$?
kill $watcher 2>/dev/null
exit $code`;

const READY_MS = 300_000;
const SLOW_START_MS = 3_000;
const STOP_MS = 30_000;
const QUIT_MS = 10_000;
const LOG_LIMIT_BYTES = 10_000_000;

/** One run of the server, tied to the life of this process. */
export class GuardedPostgres {
  /** Resolves when the server is gone, for whatever reason. */
  readonly exited: Promise<void>;
  private running = true;

  private constructor(
    private readonly plan: ServerPlan,
    private readonly shell: ChildProcess,
    readonly port: number,
  ) {
    const ended = (): void => {
      this.running = false;
      this.lifeline.destroy();
    };
    // Rejected when not even the shell could be started.
    this.exited = once(shell, 'exit').then(ended, ended);
  }

  /**
   * Starts the server and waits until it takes connections, however long its recovery after a crash lasts (at most five
   * minutes).
   * @throws {EmbeddedPostgresError} `start_failed` with the end of the server's log.
   */
  static async start(plan: ServerPlan, port: number): Promise<GuardedPostgres> {
    await rotateLog(plan.folder.log);
    const logStart = (await stat(plan.folder.log).catch(() => undefined))?.size ?? 0;
    const server = new GuardedPostgres(plan, spawnGuard(plan, port), port);
    if (await server.becomesReady()) {
      return server;
    }
    await server.stop();
    throw new EmbeddedPostgresError(
      'start_failed',
      `The embedded PostgreSQL did not start. Its log (${plan.folder.log}) ends with:\n` +
        (await readFrom(plan.folder.log, logStart)),
    );
  }

  /** Stops the server: first politely, then by force; data is safe either way. Ends when it is gone. */
  async stop(): Promise<void> {
    // The event loop must not run empty while we wait.
    this.shell.ref();
    this.lifeline.destroy();
    if (await this.exitsWithin(STOP_MS)) {
      return;
    }
    await this.signalServer('SIGQUIT');
    if (!(await this.exitsWithin(QUIT_MS))) {
      await this.signalServer('SIGKILL');
      await this.exited;
    }
  }

  private get lifeline(): Socket {
    return this.shell.stdio[3] as Socket;
  }

  private async becomesReady(): Promise<boolean> {
    const isReady = async (): Promise<boolean> => {
      const state = await runningPostmaster(this.plan.folder.cluster);
      return state?.status === 'ready' && state.port === this.port;
    };
    const settled = async (): Promise<boolean> => !this.running || (await isReady());
    if (!(await pollUntil(SLOW_START_MS, settled))) {
      this.plan.onProgress('PostgreSQL recovers its data after a crash');
      await pollUntil(READY_MS, settled);
    }
    return this.running && (await isReady());
  }

  private async exitsWithin(timeoutMs: number): Promise<boolean> {
    const timer = new AbortController();
    const late = pause(timeoutMs, undefined, { signal: timer.signal }).catch(() => undefined);
    await Promise.race([this.exited, late]);
    timer.abort();
    return !this.running;
  }

  private async signalServer(signal: NodeJS.Signals): Promise<void> {
    const state = await runningPostmaster(this.plan.folder.cluster);
    if (state !== undefined) {
      process.kill(state.pid, signal);
    }
  }
}

function spawnGuard({ folder, binaries, user }: ServerPlan, port: number): ChildProcess {
  const log = openSync(folder.log, 'a', 0o600);
  try {
    const shell = spawn('/bin/sh', ['-c', GUARD, binaries.postgres, ...serverArguments(folder, port)], {
      ...user,
      cwd: folder.cluster,
      env: { LC_ALL: 'C', TZ: 'UTC' },
      stdio: ['ignore', log, log, 'pipe'],
      // A session of its own: Ctrl-C in the terminal is for us, the database stops last.
      detached: true,
    });
    // The server never keeps us alive; our end ends it.
    shell.unref();
    (shell.stdio[3] as Socket).unref();
    return shell;
  } finally {
    closeSync(log);
  }
}

function serverArguments(folder: DataFolder, port: number): string[] {
  const settings = [
    'listen_addresses=127.0.0.1',
    `port=${port}`,
    'unix_socket_directories=',
    'logging_collector=off',
    'log_destination=stderr',
    'cluster_name=helpdesk',
  ];
  return ['-D', dataDirectoryArgument(folder.cluster), ...settings.flatMap((setting) => ['-c', setting])];
}

/** One older log is kept. */
async function rotateLog(path: string): Promise<void> {
  const size = (await stat(path).catch(() => undefined))?.size ?? 0;
  if (size > LOG_LIMIT_BYTES) {
    await rename(path, `${path}.1`);
  }
}

async function readFrom(path: string, position: number): Promise<string> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const start = Math.max(position, size - 2_000);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - start), 0, size - start, start);
    return buffer.subarray(0, bytesRead).toString('utf8').trim();
  } finally {
    await file.close();
  }
}
