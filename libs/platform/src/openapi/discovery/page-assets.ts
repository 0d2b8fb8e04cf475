import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DomainError } from '#contracts';

/** A file that the pages load. */
export interface PageAsset {
  readonly type: string;
  readonly content: Buffer;
}

const SCRIPT = 'text/javascript; charset=utf-8';
const STYLE = 'text/css; charset=utf-8';

/** Files of swagger-ui-dist, whose version package.json pins. */
const FROM_PACKAGE: Readonly<Record<string, string>> = {
  'swagger-ui.css': STYLE,
  'swagger-ui-bundle.js': SCRIPT,
  'favicon-32x32.png': 'image/png',
};

const OWN: Readonly<Record<string, PageAsset>> = {
  'reference.js': {
    type: SCRIPT,
    // Requests go to where the page comes from, whatever the installation's public address is.
    content: Buffer.from(`'use strict';
window.addEventListener('load', async () => {
  const { basePath } = document.getElementById('reference').dataset;
  const answer = await fetch(basePath + '/openapi.json');
  window.SwaggerUIBundle({
    spec: { ...(await answer.json()), servers: [{ url: window.location.origin + basePath }] },
    dom_id: '#reference',
    deepLinking: true,
    docExpansion: 'list',
    defaultModelsExpandDepth: 0,
    displayRequestDuration: true,
    validatorUrl: null,
    presets: [window.SwaggerUIBundle.presets.apis],
    layout: 'BaseLayout',
  });
});
`),
  },
  'pages.css': {
    type: STYLE,
    content: Buffer.from(`:root { color-scheme: light dark; }
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 46rem; margin: 0 auto; padding: 1rem; }
section { border-top: 1px solid #8888; padding-top: 0.5rem; }
section:target { outline: 2px solid #2a7; outline-offset: 0.5rem; }
h2 a { color: inherit; text-decoration: none; }
h2 small { font-weight: normal; opacity: 0.7; }
#reference { background: #fff; color-scheme: light; min-height: 100vh; }
`),
  },
};

/**
 * Reads an asset by its name.
 * @throws {DomainError} `not_found` for any other name.
 */
export async function readPageAsset(name: string): Promise<PageAsset> {
  const own = OWN[name];
  if (own && Object.hasOwn(OWN, name)) {
    return own;
  }
  const type = Object.hasOwn(FROM_PACKAGE, name) ? FROM_PACKAGE[name] : undefined;
  if (!type) {
    throw new DomainError('not_found', 'There is no such file. GET /docs is the page that knows them all.');
  }
  const folder = dirname(require.resolve('swagger-ui-dist/package.json'));
  return { type, content: await readFile(join(folder, name)) };
}
