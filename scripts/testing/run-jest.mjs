import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { inRoot, ROOT } from '../running/root.mjs';

/** How long Jest may take to end after its last test. What keeps it alive then is a fault of a test. */
const END_MS = 60_000;

/** How long the tests' own processes may take to end when the run is told to. */
const STOP_MS = 15_000;
const POLL_MS = 100;
const SIGNALS = ['SIGINT', 'SIGTERM'];

/**
 * Runs the tests of some kinds in one run of Jest, which shares its workers among them. Jest, its workers and the programs that
 * tests start are one group of processes: a signal to us ends all of them before we return, so that the caller can clean up.
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
    { cwd: ROOT, env, stdio: ['inherit', 'inherit', 'inherit', 'ipc'], detached: true },
  );
  let told = false;
  const hand = (signal) => {
    told = true;
    signalGroup(child.pid, signal);
  };
  SIGNALS.forEach((signal) => process.on(signal, hand));
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
  if (told) {
    await endGroup(child.pid);
  }
  SIGNALS.forEach((signal) => process.off(signal, hand));
  return { code: code ?? 1, counts };
}

/** @returns {boolean} false when nobody is left in the group. */
function signalGroup(leader, signal) {
  try {
    return process.kill(-leader, signal);
  } catch {
    return false;
  }
}

async function endGroup(leader) {
  const deadline = performance.now() + STOP_MS;
  while (performance.now() < deadline && signalGroup(leader, 0)) {
    await pause(POLL_MS);
  }
  signalGroup(leader, 'SIGKILL');
}
