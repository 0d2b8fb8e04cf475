import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '../running/root.mjs';

/**
 * The kinds of tests, as jest.config.cjs knows them: how their files end, and what they need beside the packages.
 * @type {Readonly<Record<string, { readonly ending: string, readonly database: boolean, readonly build: boolean }>>}
 */
export const KINDS = {
  unit: { ending: '.spec.ts', database: false, build: false },
  int: { ending: '.int-spec.ts', database: true, build: false },
  contract: { ending: '.contract-spec.ts', database: true, build: true },
  e2e: { ending: '.e2e-spec.ts', database: true, build: true },
  flows: { ending: '.flow-spec.ts', database: true, build: true },
  chaos: { ending: '.chaos-spec.ts', database: true, build: true },
};

const FOLDERS = ['apps', 'bench', 'libs', 'scripts', 'test'];

/**
 * How many test files of each kind there are, whatever the runner finds.
 * @returns {Promise<Record<string, number>>}
 */
export async function countFiles() {
  const names = (await Promise.all(FOLDERS.map((folder) => namesBelow(join(ROOT, folder))))).flat();
  const kinds = Object.entries(KINDS);
  return Object.fromEntries(
    kinds.map(([kind, { ending }]) => [kind, names.filter((name) => name.endsWith(ending)).length]),
  );
}

async function namesBelow(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile() && !(entry.parentPath ?? entry.path).includes('node_modules'))
    .map(({ name }) => name);
}
