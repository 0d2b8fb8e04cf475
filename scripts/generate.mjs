import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { prepare } from './running/prepare.mjs';
import { inRoot, ROOT } from './running/root.mjs';

const DOCUMENT = inRoot('docs', 'http', 'openapi.json');
const EVENTS = inRoot('docs', 'events');
const GATEWAY_CONFIG = inRoot('docker', 'gateway.conf.template');
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
  const events = await renderEvents();
  for (const [name, text] of events) {
    await bring(join(EVENTS, name), text);
  }
  await clear(EVENTS, ['README.md', ...events.keys()]);
  await bring(GATEWAY_CONFIG, await renderGateway());
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
if (stale.length > 0) {
  process.stderr.write(`Not as the code makes them: ${stale.join(', ')}. Run: npm run gen\n`);
  process.exitCode = 1;
}

async function renderDocument() {
  const { renderDocumentFile, modules } = builtCode();
  return renderDocumentFile(modules);
}

async function renderEvents() {
  const { renderEventFiles, modules } = builtCode();
  return renderEventFiles(modules);
}

async function renderGateway() {
  const { renderGatewayConfig } = await import('./generating/gateway-config.mjs');
  const { APP_NAMES, prefixesOf, MAX_BODY_BYTES: maxBodyBytes } = builtCode();
  return renderGatewayConfig({ owners: new Map(APP_NAMES.map((app) => [app, prefixesOf(app)])), maxBodyBytes });
}

function builtCode() {
  const require = createRequire(import.meta.url);
  require('reflect-metadata');
  const platform = require(inRoot('dist', 'libs', 'platform', 'src', 'index.js'));
  const { modulesOf } = require(inRoot('dist', 'apps', 'all-in-one', 'src', 'roles.js'));
  return { ...platform, modules: modulesOf(undefined) };
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

/** Takes away the files of a folder that nothing makes any more. */
async function clear(folder, kept) {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && !kept.includes(relative(folder, path))) {
      const shown = path.slice(ROOT.length + 1);
      if (values.check) {
        stale.push(shown);
      } else {
        await rm(path);
        process.stdout.write(`${shown} removed\n`);
      }
    }
  }
}
