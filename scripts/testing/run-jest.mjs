import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { inRoot, ROOT } from '../running/root.mjs';

/** How long Jest may take to end after its last test. What keeps it alive then is a fault of a test. */
const END_MS = 60_000;

/**
 * Runs the tests of some kinds in one run of Jest, which shares its workers among them.
 * @param {{ readonly kinds: readonly string[], readonly workers: number, readonly filters: readonly string[],
 *   readonly env: Readonly<Record<string, string | undefined>> }} run
 * @returns {Promise<{ readonly code: number, readonly counts: Readonly<Record<string, { files: number, passed: number, failed: number,
 *   skipped: number }>> }>}
 */
export async function runJest({ kinds, workers, filters, env }) {
  const child = spawn(
    process.execPath,
    [
      inRoot('node_modules', 'jest', 'bin', 'jest.js'),
      // First: the options below would take a path behind them for one more value of theirs.
      ...filters,
      '--selectProjects',
      ...kinds,
      `--maxWorkers=${workers}`,
      '--reporters=default',
      `--reporters=${inRoot('scripts', 'testing', 'kind-reporter.cjs')}`,
    ],
    { cwd: ROOT, env, stdio: ['inherit', 'inherit', 'inherit', 'ipc'] },
  );
  let counts = {};
  let deadline;
  child.on('message', (message) => {
    counts = message;
    deadline = setTimeout(() => {
      process.stderr.write('Jest does not end: a test has left something open.\n');
      child.kill('SIGKILL');
    }, END_MS);
  });
  const [code] = await once(child, 'exit');
  clearTimeout(deadline);
  return { code: code ?? 1, counts };
}
