import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { DataFolder } from './data-folder';
import { EmbeddedPostgresError } from './embedded-postgres.errors';
import { isPostmasterOf } from './process-identity';

/** What a running server writes of itself into `postmaster.pid`. */
export interface PostmasterState {
  readonly pid: number;
  readonly port: number;
  readonly status: 'starting' | 'ready' | 'stopping' | 'standby';
}

const POLL_MS = 10;
const GUARD_MS = 2_000;
const STOP_MS = 60_000;
/** Above every system's limit of process ids. */
const NO_PROCESS = 2_147_483_647;

/** The server that runs on this cluster, if one does. Lines: 1 process id, 4 port, 8 status (`pidfile.h` of PostgreSQL). */
export async function runningPostmaster(clusterDir: string): Promise<PostmasterState | undefined> {
  const state = await readState(clusterDir);
  return state !== undefined && isPostmasterOf(state.pid, clusterDir) ? state : undefined;
}

/**
 * Makes sure that no server is left of a process or guard that was killed: waits for that server, which stops by
 * itself, stops it when it does not, and corrects a file that names a process which is no server of this cluster.
 * Only for the holder of the folder's claim.
 */
export async function clearLeftovers(folder: DataFolder, onProgress: (line: string) => void): Promise<void> {
  const leftover = await runningPostmaster(folder.cluster);
  if (leftover !== undefined) {
    onProgress('Waiting for an earlier PostgreSQL to stop');
    await pollUntil(GUARD_MS, async () => (await runningPostmaster(folder.cluster))?.status !== 'ready');
    if ((await runningPostmaster(folder.cluster))?.status === 'ready') {
      process.kill(leftover.pid, 'SIGINT');
    }
    if (!(await pollUntil(STOP_MS, async () => (await runningPostmaster(folder.cluster)) === undefined))) {
      throw new EmbeddedPostgresError(
        'in_use',
        `An earlier PostgreSQL (process ${leftover.pid}) still runs in ${folder.root} and does not stop. ` +
          `Stop it (kill -QUIT ${leftover.pid}) and start again.`,
      );
    }
  }
  await disownStaleFile(folder.cluster);
}

/**
 * The process id in a file left by kill -9 may be that of a zombie or of another program by now, and PostgreSQL would
 * refuse to start beside it. Only that number goes: the rest of the file is how PostgreSQL finds out that children of
 * the killed server still write.
 */
async function disownStaleFile(clusterDir: string): Promise<void> {
  const path = join(clusterDir, 'postmaster.pid');
  const text = await readFile(path, 'latin1').catch(() => '');
  if (text !== '') {
    await writeFile(path, text.replace(/^-?\d+/, String(NO_PROCESS)));
  }
}

/** Asks every 10 ms; false when the time is over. */
export async function pollUntil(timeoutMs: number, condition: () => Promise<boolean>): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (performance.now() > deadline) {
      return false;
    }
    await pause(POLL_MS);
  }
  return true;
}

async function readState(clusterDir: string): Promise<PostmasterState | undefined> {
  const text = await readFile(join(clusterDir, 'postmaster.pid'), 'latin1').catch(() => '');
  const lines = text.split('\n').map((line) => line.trim());
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  return pid > 0 && port > 0 ? { pid, port, status: (lines[7] || 'starting') as PostmasterState['status'] } : undefined;
}
