import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The one that Debian's packages are for may be another than the first one on the path. */
const CANDIDATES = ['python3', '/usr/bin/python3'];

/** @returns {string | undefined} a Python that can speak AMQP, with the package pika; undefined when this machine has none. */
export function findPythonWithPika() {
  return CANDIDATES.find((python) => {
    try {
      execFileSync(python, ['-c', 'import pika'], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  });
}

/**
 * A Python for the tests of the example in Python: the one of this machine, to which root, where there is apt, adds pika. Without any
 * its tests are left out, and the run says so.
 * @returns {Promise<{ readonly python: string | undefined, readonly description: string }>}
 */
export async function openTestPython() {
  const python = findPythonWithPika() ?? (await installPika());
  return {
    python,
    description: python
      ? `${python} with pika`
      : 'no Python with pika, so the tests of the example in Python are left out (Debian: apt-get install python3-pika)',
  };
}

async function installPika() {
  if (process.getuid?.() !== 0) {
    return undefined;
  }
  process.stdout.write('Installing pika for the tests (apt-get install python3-pika) …\n');
  try {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const install = () => run('apt-get', ['install', '-y', '--no-install-recommends', 'python3-pika'], { env });
    await install().catch(async () => {
      await run('apt-get', ['update'], { env });
      await install();
    });
  } catch (error) {
    process.stdout.write(`  not possible: ${error.message.split('\n', 1)[0]}\n`);
  }
  return findPythonWithPika();
}
