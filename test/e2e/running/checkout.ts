import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const ROOT = join(__dirname, '..', '..', '..');
const run = promisify(execFile);

/** A copy of this repository as a clone has it, in a folder that only its owner may enter. */
export interface Checkout {
  readonly path: string;
  remove(): Promise<void>;
}

/**
 * Copies what git knows or would take, and what was built from it only when that is asked for. The packages are linked: they are
 * this repository's, and whatever installed them is what a fresh clone installs by.
 */
export async function makeCheckout({ built = false } = {}): Promise<Checkout> {
  const path = await mkdtemp(join(tmpdir(), 'helpdesk-checkout-'));
  const { stdout } = await run('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
    maxBuffer: 10_000_000,
  });
  for (const name of stdout.split('\0').filter((one) => one !== '')) {
    const source = join(ROOT, name);
    if (await stat(source).catch(() => undefined)) {
      await mkdir(dirname(join(path, name)), { recursive: true });
      await cp(source, join(path, name));
    }
  }
  if (built) {
    // The times of the files tell whether they are what the compiler wrote.
    await run('cp', ['-a', join(ROOT, 'dist'), path]);
  }
  await symlink(join(ROOT, 'node_modules'), join(path, 'node_modules'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}
