import { pathToFileURL } from 'node:url';
import { prepare } from './prepare.mjs';
import { inRoot, ROOT } from './root.mjs';

try {
  process.chdir(ROOT);
  await prepare();
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
await import(pathToFileURL(inRoot('dist', 'apps', 'cli', 'main.js')));
