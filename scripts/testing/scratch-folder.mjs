import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAlive } from './is-alive.mjs';

const PREFIX = 'helpdesk-test-';

/**
 * Makes a folder for the servers of this run. Those of runs that were killed are removed: their servers ended with them.
 * @param {string} name
 * @returns {Promise<string>}
 */
export async function makeScratchFolder(name) {
  for (const entry of await readdir(tmpdir())) {
    const [, pid] = /^helpdesk-test-[a-z]+-(\d+)-/.exec(entry) ?? [];
    if (pid !== undefined && !isAlive(Number(pid))) {
      // What another user has left is for him to remove.
      await rm(join(tmpdir(), entry), { recursive: true, force: true }).catch(() => undefined);
    }
  }
  return mkdtemp(join(tmpdir(), `${PREFIX}${name}-${process.pid}-`));
}
