import { access, constants, readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { inRoot, ROOT } from './root.mjs';
import { runProgram } from './run-program.mjs';

/**
 * Whether node_modules holds what package-lock.json names, in these versions. Optional packages may be absent: most are for
 * other machines. npm writes its own list last, so an installation that was broken off has none.
 * @returns {Promise<boolean>}
 */
export async function isInstalled() {
  const wanted = await readPackages(inRoot('package-lock.json'));
  const present = await readPackages(inRoot('node_modules', '.package-lock.json'));
  return (
    present !== undefined &&
    Object.entries(wanted).every(
      ([path, { version, optional, devOptional }]) =>
        path === '' || (present[path] ? present[path].version === version : optional || devOptional),
    )
  );
}

/**
 * Installs what package-lock.json names. No package needs its install script.
 * @param {(pid: number) => void} [onStart] gets the process id of npm.
 * @throws {Error} when npm fails; its own words stand above.
 */
export async function install(onStart) {
  const [program, ...parameters] = npmCommand();
  const code = await runProgram(
    program,
    [
      ...parameters,
      'ci',
      '--ignore-scripts',
      '--include=dev',
      '--include=optional',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
      ...(await cacheParameters([program, ...parameters])),
    ],
    { onStart, env: { npm_config_update_notifier: 'false' } },
  ).catch((error) => {
    throw new Error(`npm could not be run (${error.message}). It comes with Node.js: install that with npm.`);
  });
  if (code !== 0) {
    throw new Error('The packages could not be installed. What npm says above names the reason; then start again.');
  }
}

async function readPackages(path) {
  try {
    return JSON.parse(await readFile(path, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/** The npm that runs us, or the one of the path. */
function npmCommand() {
  const running = process.env.npm_execpath;
  return running && basename(running) === 'npm-cli.js' ? [process.execPath, running] : ['npm'];
}

/** npm keeps its cache in the home folder; where that cannot be written, it is kept here. */
async function cacheParameters([program, ...parameters]) {
  try {
    const { stdout } = await promisify(execFile)(program, [...parameters, 'config', 'get', 'cache'], { cwd: ROOT });
    await assertWritable(resolve(stdout.trim()));
    return [];
  } catch {
    return ['--cache', inRoot('.cache', 'npm')];
  }
}

/** Of a folder that is not there yet, the nearest one above decides. */
async function assertWritable(folder) {
  try {
    await access(folder, constants.W_OK);
  } catch (error) {
    if (error.code !== 'ENOENT' || dirname(folder) === folder) {
      throw error;
    }
    await assertWritable(dirname(folder));
  }
}
