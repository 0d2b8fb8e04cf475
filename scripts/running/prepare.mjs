import { build, isBuilt } from './build.mjs';
import { install, isInstalled } from './installation.mjs';
import { takeTurns } from './take-turns.mjs';

/**
 * Makes the checkout ready to run: packages installed, sources compiled. Does nothing when it is, and says what it does on the
 * standard error.
 * @param {{ readonly compile?: boolean }} [options] `compile: false` stops after the packages.
 * @throws {Error} with a sentence for the terminal.
 */
export async function prepare({ compile = true } = {}) {
  if ((await isInstalled()) && (!compile || (await isBuilt()))) {
    return;
  }
  await takeTurns(async (onStart) => {
    if (!(await isInstalled())) {
      await step('Installing the packages (npm ci; about a minute at the first time)', () => install(onStart));
    }
    if (compile && !(await isBuilt())) {
      await step('Building', () => build(onStart));
    }
  });
}

async function step(title, work) {
  process.stderr.write(`${title} …\n`);
  const start = performance.now();
  await work();
  process.stderr.write(`  done in ${((performance.now() - start) / 1000).toFixed(1)} s\n`);
}
