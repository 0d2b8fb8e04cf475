import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { API_DOCUMENT, DOCUMENT_FILE } from '../../support/api-document';

const ROOT = join(__dirname, '../../..');
const SPECTRAL = join(ROOT, 'node_modules/@stoplight/spectral-cli/dist/index.js');
const RULES = join(ROOT, '.spectral.yaml');

interface Finding {
  readonly code: string;
  readonly message: string;
  readonly path: readonly (string | number)[];
}

async function lint(file: string): Promise<Finding[]> {
  const parameters = [SPECTRAL, 'lint', file, '--ruleset', RULES, '--format', 'json', '--quiet'];
  const run = promisify(execFile)(process.execPath, parameters, { maxBuffer: 16 * 1024 * 1024 });
  // It exits with 1 when it has findings.
  const { stdout } = await run.catch((failed: { stdout: string }) => failed);
  return JSON.parse(stdout) as Finding[];
}

type Json = Record<string, unknown>;

const at = (document: Json, ...path: string[]): Json => path.reduce((node, name) => node[name] as Json, document);

const TICKETS = ['paths', '/v1/helpdesk/tickets'];

/** What the rules are there for, each as an edit that breaks one. */
const EDITS: Readonly<Record<string, (document: Json) => void>> = {
  'operation-description': (document) => delete at(document, ...TICKETS, 'get')['description'],
  'operation-summary': (document) => delete at(document, ...TICKETS, 'post')['summary'],
  'operation-operationId': (document) => delete at(document, ...TICKETS, 'get')['operationId'],
  'operation-tags': (document) => delete at(document, ...TICKETS, 'get')['tags'],
  'body-has-examples': (document) =>
    delete at(document, ...TICKETS, 'post', 'requestBody', 'content', 'application/json')['examples'],
  'answer-has-example': (document) =>
    delete at(document, ...TICKETS, 'get', 'responses', '200', 'content', 'application/json')['example'],
  'errors-are-described': (document) => delete at(document, ...TICKETS, 'get', 'responses')['500'],
  'errors-of-keyed-operations-are-described': (document) => delete at(document, ...TICKETS, 'get', 'responses')['401'],
  'errors-have-examples': (document) =>
    delete at(document, ...TICKETS, 'get', 'responses', '400', 'content', 'application/json')['examples'],
  'schema-has-description': (document) => delete at(document, 'components', 'schemas', 'Ticket')['description'],
  'field-has-description': (document) =>
    delete at(document, 'components', 'schemas', 'Ticket', 'properties', 'status')['description'],
  'field-has-example': (document) =>
    delete at(document, 'components', 'schemas', 'Ticket', 'properties', 'subject')['examples'],
  'body-is-closed': (document) => delete at(document, 'components', 'schemas', 'Reply')['additionalProperties'],
  'parameter-has-example': (document) => delete at(document, 'components', 'parameters', 'RequestId')['example'],
  'webhook-body-has-examples': (document) =>
    delete at(document, 'webhooks', 'ticket.created', 'post', 'requestBody', 'content', 'application/json')['examples'],
};

describe('the rules for the API document', () => {
  it('are kept by the committed document', async () => {
    expect(await lint(DOCUMENT_FILE)).toEqual([]);
  });

  it('find each lack that they are there for', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'helpdesk-lint-'));
    try {
      const document = structuredClone(API_DOCUMENT) as unknown as Json;
      Object.values(EDITS).forEach((edit) => edit(document));
      const file = join(folder, 'openapi.json');
      await writeFile(file, JSON.stringify(document));
      const found = new Set((await lint(file)).map(({ code }) => code));
      expect(Object.keys(EDITS).filter((rule) => !found.has(rule))).toEqual([]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
