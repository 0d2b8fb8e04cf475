import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inRoot, ROOT } from './root.mjs';
import { runProgram } from './run-program.mjs';

const SOURCES = ['apps', 'libs'];
const BESIDES = ['package-lock.json', 'tsconfig.json', 'tsconfig.build.json'];
const STAMP = inRoot('dist', '.build.json');
const COMPILER_STATE = inRoot('dist', '.build.tsbuildinfo');

/**
 * Whether dist/ is what the compiler makes of the sources as they are: neither they nor dist/ have changed since.
 * @returns {Promise<boolean>}
 */
export async function isBuilt() {
  const stamp = await readStamp();
  return stamp !== undefined && stamp.sources === (await sourcesDigest()) && stamp.outputs === (await outputsDigest());
}

/**
 * Compiles apps/ and libs/ into dist/, and only what changed when nobody else has written there.
 * @param {(pid: number) => void} [onStart] gets the process id of the compiler.
 * @throws {Error} when the sources do not compile; the compiler's words stand above.
 */
export async function build(onStart) {
  const sources = await sourcesDigest();
  const stamp = await readStamp();
  if (stamp?.outputs !== (await outputsDigest())) {
    await rm(COMPILER_STATE, { force: true });
  }
  const code = await runProgram(
    process.execPath,
    [
      inRoot('node_modules', 'typescript', 'bin', 'tsc'),
      '-p',
      inRoot('tsconfig.build.json'),
      '--tsBuildInfoFile',
      COMPILER_STATE,
    ],
    { onStart },
  );
  if (code !== 0) {
    throw new Error('The sources do not compile: see above.');
  }
  await mkdir(inRoot('dist'), { recursive: true });
  await writeFile(STAMP, JSON.stringify({ sources, outputs: await outputsDigest() }));
}

async function readStamp() {
  try {
    return JSON.parse(await readFile(STAMP, 'utf8'));
  } catch {
    return undefined;
  }
}

async function sourcesDigest() {
  const digest = createHash('sha256');
  const files = (await Promise.all(SOURCES.map((folder) => filesBelow(folder, isSource)))).flat();
  for (const [path, content] of await readAll([...BESIDES, ...files.toSorted()])) {
    digest.update(`${path}\0${content.length}\0`).update(content);
  }
  return digest.digest('hex');
}

/** By size and time: reading all of it would cost more than it tells. */
async function outputsDigest() {
  const files = (await Promise.all(SOURCES.map((folder) => filesBelow(join('dist', folder), isOutput)))).flat();
  const digest = createHash('sha256');
  const states = await Promise.all(files.toSorted().map(async (path) => [path, await stat(join(ROOT, path))]));
  for (const [path, { size, mtimeMs }] of states) {
    digest.update(`${path} ${size} ${mtimeMs}\n`);
  }
  return digest.digest('hex');
}

const isSource = (name) => name.endsWith('.ts') && !/[.-]spec\.ts$/.test(name);
const isOutput = (name) => name.endsWith('.js');

async function readAll(paths) {
  return Promise.all(paths.map(async (path) => [path, await readFile(join(ROOT, path))]));
}

async function filesBelow(folder, wanted) {
  const entries = await readdir(join(ROOT, folder), { withFileTypes: true }).catch(() => []);
  const found = entries.map((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      return entry.name === 'node_modules' ? [] : filesBelow(path, wanted);
    }
    return wanted(entry.name) ? [path] : [];
  });
  return (await Promise.all(found)).flat();
}
