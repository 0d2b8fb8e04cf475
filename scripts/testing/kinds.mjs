import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inRoot, ROOT } from '../running/root.mjs';

/**
 * The kinds of tests, as jest.config.cjs knows them: how their files end, in which folder none of them is, and what they need
 * beside the packages. Whether a kind needs a broker its files say, unless it is the one that all of them use.
 * @type {Readonly<Record<string, { readonly ending: string, readonly database: boolean, readonly build: boolean,
 *   readonly without?: string, readonly overBroker?: boolean }>>}
 */
export const KINDS = {
  unit: { ending: '.spec.ts', database: false, build: false },
  int: { ending: '.int-spec.ts', database: true, build: false },
  contract: { ending: '.contract-spec.ts', database: true, build: true },
  e2e: { ending: '.e2e-spec.ts', database: true, build: true },
  flows: { ending: '.flow-spec.ts', database: true, build: true },
  'e2e-rabbitmq': {
    ending: '.e2e-spec.ts',
    without: 'test/e2e/running/',
    database: true,
    build: false,
    overBroker: true,
  },
  'flows-rabbitmq': { ending: '.flow-spec.ts', database: true, build: false, overBroker: true },
  chaos: { ending: '.chaos-spec.ts', database: true, build: true },
};

const FOLDERS = ['apps', 'bench', 'libs', 'scripts', 'test'];

/** What a test names that needs a broker, and what one names that starts brokers of its own. */
const BROKER_MARK = 'support/test-broker';
const OWN_BROKER_MARKS = ['PrivateBroker', 'support/foreign-consumers'];

/** What a test imports that needs a Python. */
const PYTHON_MARK = 'support/test-python';

/**
 * The test files of each kind that there are, whatever the runner finds, and whether any of them needs a broker, starts its own, or
 * needs a Python.
 * @returns {Promise<Record<string, { readonly files: number, readonly broker: boolean, readonly ownBroker: boolean,
 *   readonly python: boolean }>>}
 */
export async function surveyTests() {
  const paths = (await Promise.all(FOLDERS.map((folder) => pathsBelow(join(ROOT, folder))))).flat();
  const kinds = Object.entries(KINDS).map(async ([kind, { ending, without, overBroker = false }]) => {
    const files = paths.filter((path) => path.endsWith(ending) && !(without && path.startsWith(inRoot(without))));
    const texts = await Promise.all(files.map((path) => readFile(path, 'utf8')));
    const someNames = (...marks) => texts.some((text) => marks.some((mark) => text.includes(mark)));
    return [
      kind,
      {
        files: files.length,
        broker: overBroker || someNames(BROKER_MARK),
        ownBroker: someNames(...OWN_BROKER_MARKS),
        python: someNames(PYTHON_MARK),
      },
    ];
  });
  return Object.fromEntries(await Promise.all(kinds));
}

async function pathsBelow(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('node_modules'))
    .map(({ parentPath, name }) => join(parentPath, name));
}
