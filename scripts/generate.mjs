import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { prepare } from './running/prepare.mjs';
import { inRoot, ROOT } from './running/root.mjs';

const DOCUMENT = inRoot('docs', 'http', 'openapi.json');
const CLIENT_TYPES = inRoot('libs', 'api-client', 'src', 'generated', 'schema.ts');

/*
 * npm run gen            writes every generated file
 * npm run gen -- --check says which are not as the code would make them, and exits 1 if any
 */
const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });

const stale = [];
try {
  await prepare();
  const document = await renderDocument();
  await bring(DOCUMENT, document);
  await bring(CLIENT_TYPES, await renderTypes(document));
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
if (stale.length > 0) {
  process.stderr.write(`Not as the code makes them: ${stale.join(', ')}. Run: npm run gen\n`);
  process.exitCode = 1;
}

async function renderDocument() {
  const require = createRequire(import.meta.url);
  require('reflect-metadata');
  const { renderDocumentFile } = require(inRoot('dist', 'libs', 'platform', 'src', 'index.js'));
  const { modulesOf } = require(inRoot('dist', 'apps', 'all-in-one', 'src', 'roles.js'));
  return renderDocumentFile(modulesOf(undefined));
}

async function renderTypes(document) {
  const { renderClientTypes } = await import('./generating/client-types.mjs');
  return renderClientTypes(document);
}

async function bring(path, text) {
  const shown = path.slice(ROOT.length + 1);
  const present = await readFile(path, 'utf8').catch(() => undefined);
  if (present === text) {
    process.stdout.write(`${shown} is up to date\n`);
  } else if (values.check) {
    stale.push(shown);
  } else {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
    process.stdout.write(`${shown} written\n`);
  }
}
