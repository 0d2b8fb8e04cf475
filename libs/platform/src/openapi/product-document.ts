import { readFileSync } from 'node:fs';
import type { ApiDocument, ApiDocumentOptions } from './api-document';
import { FILE_SERVER_URL } from './document-file';

/**
 * The document of the whole product, as docs/http/openapi.json keeps it, for an installation at another address. A process that
 * serves a part of the API describes it by this: its callers reach all of it at one address.
 */
export function productDocument({ serverUrl }: ApiDocumentOptions): ApiDocument {
  const text = readFileSync(require.resolve('#openapi.json'), 'utf8');
  const address = JSON.stringify(serverUrl).slice(1, -1);
  const { 'x-generated': _note, ...document } = JSON.parse(
    text.replaceAll(FILE_SERVER_URL, () => address),
  ) as ApiDocument & { readonly 'x-generated': string };
  return document;
}
