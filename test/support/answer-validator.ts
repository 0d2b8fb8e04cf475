import Ajv2020 from 'ajv/dist/2020';
import type { ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { ANSWER_HEADERS } from '../../libs/platform/src/openapi/shared-components';
import type { AnswerHeader } from '../../libs/platform/src/openapi/shared-components';
import type { Response } from '../../libs/platform/src/openapi/operation';
import { API_DOCUMENT, closedSchema, operationsOf } from './api-document';
import type { Schema } from './api-document';

/** An answer as it came over the wire. */
export interface AnswerToValidate {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

/** Codes with which an address that has no operation, or not this one, is answered. */
const OUTSIDE = [
  'not_found',
  'method_not_allowed',
  'unauthorized',
  'bad_request',
  'payload_too_large',
  'unsupported_media_type',
];

/** Headers that an answer has whenever the document lists them; the others depend on the project's limit or on chance. */
const WHENEVER_LISTED: readonly string[] = ['X-Request-Id', 'ETag', 'Retry-After'];

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats(ajv);
const validators = new Map<string, ValidateFunction>();

const routes = operationsOf(API_DOCUMENT)
  // `/tickets/bulk` goes before `/tickets/{id}`.
  .toSorted((a, b) => a.path.split('{').length - b.path.split('{').length)
  .map((described) => ({ ...described, pattern: new RegExp(`^${described.path.replace(/\{[^}]+\}/g, '[^/]+')}/?$`) }));

/**
 * Fails when the committed API document does not describe this answer: its status, its code, its headers, its media type, or a
 * member of its body. What an address answers for which there is no operation must be an error in its envelope.
 */
export function assertDescribed(method: string, path: string, answer: AnswerToValidate): void {
  const address = path.split('?', 1)[0] ?? '';
  const asked = method.toUpperCase() === 'HEAD' ? 'GET' : method.toUpperCase();
  const route = routes.find((one) => one.method === asked && one.pattern.test(address));
  if (!route) {
    assertError(`${method} ${address}, which the document does not know,`, OUTSIDE, answer);
    return;
  }
  const name = `${route.method} ${route.path}`;
  const response = route.operation.responses[String(answer.status)];
  if (!response) {
    throw new Error(`The API document does not say that ${name} may answer ${answer.status}: ${text(answer.body)}`);
  }
  assertHeaders(name, response, answer);
  if (method.toUpperCase() !== 'HEAD') {
    assertBody(name, response, answer);
  }
}

function assertError(name: string, codes: readonly string[], { status, body }: AnswerToValidate): void {
  assertForm(`${name} ${status}`, { $ref: '#/components/schemas/Error' }, body);
  const { code } = body as { readonly code: string };
  if (status < 400 || !codes.includes(code)) {
    throw new Error(`${name} may not answer ${status} ${code}.`);
  }
}

function assertBody(name: string, { content = {} }: Response, { status, headers, body }: AnswerToValidate): void {
  const [type] = (headers.get('content-type') ?? '').split(';');
  const described = content[type ?? ''];
  if (Object.keys(content).length === 0 ? body !== null : !described) {
    throw new Error(`The API document does not say that ${name} ${status} answers in "${type}".`);
  }
  if (described?.schema && type === 'application/json') {
    assertForm(`${name} ${status}`, described.schema, body);
    assertCode(`${name} ${status}`, described.examples, body);
  }
}

/** The document has an example for every code that it knows of, so a code without one is a surprise. */
function assertCode(name: string, examples: object | undefined, body: unknown): void {
  const { code } = body as { readonly code?: unknown };
  if (examples && !Object.hasOwn(examples, String(code))) {
    throw new Error(`The API document does not say that ${name} may have the code ${String(code)}.`);
  }
}

function assertForm(name: string, schema: Schema, body: unknown): void {
  const key = JSON.stringify(schema);
  const validate = validators.get(key) ?? ajv.compile(closedSchema(schema));
  validators.set(key, validate);
  if (!validate(body)) {
    throw new Error(`${name} is not as the API document says: ${ajv.errorsText(validate.errors)}\n${text(body)}`);
  }
}

function assertHeaders(name: string, { headers = {} }: Response, { status, headers: given }: AnswerToValidate): void {
  for (const header of Object.keys(ANSWER_HEADERS) as AnswerHeader[]) {
    const value = given.get(header);
    if (value !== null && !(header in headers)) {
      throw new Error(`The API document does not say that ${name} ${status} has the header ${header}.`);
    }
    if (value === null && header in headers && WHENEVER_LISTED.includes(header) && !isOneOfSeveral(header, status)) {
      throw new Error(`${name} ${status} lacks the header ${header} of the API document.`);
    }
    if (value !== null) {
      assertForm(`${header} of ${name}`, ANSWER_HEADERS[header].schema as Schema, value);
    }
  }
}

/** 409 has many reasons, of which one alone says when to go on. */
const isOneOfSeveral = (header: string, status: number): boolean => header === 'Retry-After' && status === 409;

const text = (body: unknown): string => JSON.stringify(body)?.slice(0, 2_000);
