import { pathToFileURL } from 'node:url';
import { prepare } from './prepare.mjs';
import { inRoot, ROOT } from './root.mjs';

const PARENT_POLL_MS = 500;

/**
 * Makes the checkout ready and becomes one of its apps; a checkout that cannot be made ready ends the process with a sentence.
 * @param {string} name the app's folder.
 */
export async function startApp(name) {
  if (process.env.npm_lifecycle_event?.startsWith('start')) {
    endWithNpm();
  }
  try {
    process.chdir(ROOT);
    await prepare();
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
  await import(pathToFileURL(inRoot('dist', 'apps', name, 'main.js')));
}

/**
 * npm hands SIGTERM and SIGINT on to us, but nobody does when npm itself is killed: then we would go on as an orphan that holds
 * the port. Started otherwise than by npm, we have no such tie.
 */
function endWithNpm() {
  const npm = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid !== npm) {
      clearInterval(watch);
      process.kill(process.pid, 'SIGTERM');
    }
  }, PARENT_POLL_MS);
  watch.unref();
}
