import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { APP_NAMES, describeModules, ownerOf, prefixesOf, productDocument } from '#platform';
import type { AppName } from '#platform';
import { modulesOf } from '../../../apps/all-in-one/src/roles';
import { API_DOCUMENT } from '../../support/api-document';

const ROOT = join(__dirname, '../../..');
const SERVER_URL = 'http://localhost:3000';

/** Programs that serve no part of the API of their own. */
const OTHER_PROGRAMS = ['all-in-one', 'cli', 'migrate', 'split'];

/** What every app says of the whole API. */
const DISCOVERY = /^\/(openapi\.json|llms\.txt|docs(\/.*)?)$/;

const withoutDiscovery = (paths: object): string[] => Object.keys(paths).filter((path) => !DISCOVERY.test(path));

/** The paths that an app's own router serves. */
async function pathsOf(app: AppName): Promise<string[]> {
  const { paths } = await describeModules(modulesOf(app), { serverUrl: SERVER_URL });
  return withoutDiscovery(paths);
}

describe('the table of the apps', () => {
  it.each(APP_NAMES)('gives %s every path that it serves', async (app) => {
    const paths = await pathsOf(app);
    expect(paths.length > 0).toBe(prefixesOf(app).length > 0);
    expect(paths.map((path) => [path, ownerOf(path)])).toEqual(paths.map((path) => [path, app]));
    expect(paths.filter((path) => !prefixesOf(app).some((prefix) => `${path}/`.startsWith(`${prefix}/`)))).toEqual([]);
  });

  it('has an app for every path of the API document, and no path is served by two', async () => {
    const served = (await Promise.all(APP_NAMES.map(pathsOf))).flat();
    expect(served.toSorted()).toEqual(withoutDiscovery(API_DOCUMENT.paths).toSorted());
  });

  it('names every app that there is, each with its program and its place in nest-cli.json', () => {
    const folders = readdirSync(join(ROOT, 'apps')).filter((name) => existsSync(join(ROOT, 'apps', name, 'main.ts')));
    expect(folders.toSorted()).toEqual([...APP_NAMES, ...OTHER_PROGRAMS].toSorted());
    const { projects } = JSON.parse(readFileSync(join(ROOT, 'nest-cli.json'), 'utf8')) as {
      projects: Record<string, { entryFile: string }>;
    };
    expect(Object.entries(projects).map(([name, { entryFile }]) => [name, entryFile])).toEqual(
      expect.arrayContaining(folders.map((name) => [name, `apps/${name}/main`])),
    );
  });
});

describe('the document that an app of its own serves', () => {
  it.each(['https://desk.example.com/support', 'http://localhost:3000', 'http://x/$&"\\'])(
    'is that of the whole API, for an installation at %s',
    async (serverUrl) => {
      const whole = await describeModules(modulesOf(undefined), { serverUrl });
      expect(productDocument({ serverUrl })).toEqual(JSON.parse(JSON.stringify(whole)));
    },
  );
});
