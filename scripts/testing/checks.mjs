import { runCaptured } from './run-captured.mjs';

/** What is checked without running the product: scripts of package.json. The slowest come first, for two run at a time. */
const CHECKS = ['check:types', 'check:boundaries', 'check:format', 'check:lint'];

/**
 * Runs every check, and says of each how it went.
 * @param {Array<() => Promise<void>>} beside further work to share the processors with; its errors are thrown.
 * @returns {Promise<string[]>} the checks that failed.
 */
export async function runChecks(beside) {
  const failed = [];
  const work = [
    ...beside,
    ...CHECKS.map((check) => async () => {
      if (!(await passes(check))) {
        failed.push(check);
      }
    }),
  ];
  const next = async () => {
    for (let one = work.shift(); one !== undefined; one = work.shift()) {
      await one();
    }
  };
  await Promise.all([next(), next()]);
  return failed;
}

async function passes(check) {
  const start = performance.now();
  const { code, output } = await runCaptured('npm', ['run', '--silent', check]);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  process.stdout.write(code === 0 ? `${check}: passed in ${seconds} s\n` : `${check}: FAILED\n${output}\n`);
  return code === 0;
}
