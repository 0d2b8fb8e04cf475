import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020';
import type { ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';

interface ResponseDescription {
  readonly content?: Readonly<Record<string, { readonly schema?: object }>>;
}

interface Operation {
  readonly responses: Readonly<Record<string, ResponseDescription>>;
}

interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

const FILE = join(__dirname, '../../docs/http/openapi.json');
const DOCUMENT_ID = 'openapi.json';
const JSON_TYPE = 'application/json';

/**
 * Fails when the committed API document does not describe this answer: its status, or the form of its body. Addresses and
 * methods that the document does not know may answer with an error alone.
 */
export function assertDescribed(method: string, path: string, status: number, body: unknown): void {
  validator?.assert(method.toLowerCase(), path.split('?', 1)[0] ?? '', status, body);
}

class AnswerValidator {
  private readonly ajv = new Ajv2020({ strict: false, allErrors: true });
  private readonly patterns: ReadonlyArray<readonly [RegExp, string]>;
  private readonly validators = new Map<string, ValidateFunction>();

  constructor(private readonly document: ApiDocument) {
    addFormats(this.ajv);
    this.ajv.addSchema(document, DOCUMENT_ID);
    this.patterns = Object.keys(document.paths)
      // `/tickets/bulk` goes before `/tickets/{id}`.
      .toSorted((a, b) => a.split('{').length - b.split('{').length)
      .map((path) => [new RegExp(`^${path.replace(/\{[^}]+\}/g, '[^/]+')}/?$`), path]);
  }

  assert(method: string, address: string, status: number, body: unknown): void {
    const path = this.patterns.find(
      ([pattern, known]) => pattern.test(address) && this.document.paths[known]?.[method],
    )?.[1];
    if (path === undefined) {
      if (status < 400) {
        throw new Error(`The API document knows no ${method.toUpperCase()} ${address}, which answered ${status}.`);
      }
      return;
    }
    const response = this.document.paths[path]?.[method]?.responses[String(status)];
    if (!response) {
      throw new Error(`The API document does not say that ${method.toUpperCase()} ${path} may answer ${status}.`);
    }
    if (response.content?.[JSON_TYPE]?.schema) {
      this.assertBody(`/paths/${escape(path)}/${method}/responses/${status}/content/${escape(JSON_TYPE)}/schema`, body);
    }
  }

  private assertBody(pointer: string, body: unknown): void {
    const validate = this.validators.get(pointer) ?? this.ajv.compile({ $ref: `${DOCUMENT_ID}#${pointer}` });
    this.validators.set(pointer, validate);
    if (!validate(body)) {
      throw new Error(`An answer is not as ${pointer} says: ${this.ajv.errorsText(validate.errors)}`);
    }
  }
}

const escape = (name: string): string => encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'));

const validator = existsSync(FILE)
  ? new AnswerValidator(JSON.parse(readFileSync(FILE, 'utf8')) as ApiDocument)
  : undefined;
