import { DETAIL_CODES, ERROR_STATUS, KEY_SCOPES } from '#contracts';
import { WINDOW_SECONDS } from '../http/rate-limiter';
import type { Schema, Schemas } from './schema-object';

/** A header as the document describes it, of a request or of an answer. */
export interface DescribedHeader {
  readonly description: string;
  readonly schema: Schema;
  readonly example: string;
}

/** The name of the security scheme that routes with a key refer to. */
export const API_KEY_SCHEME = 'apiKey';

/** How the document describes the API key. */
export const SECURITY_SCHEMES = {
  [API_KEY_SCHEME]: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'zn_(live|test)_[0-9A-Za-z]{36}',
    description: [
      'The project’s API key: `Authorization: Bearer zn_live_…` for the live side, `zn_test_…` for the test side.',
      'After the prefix come 30 random characters and 6 of a checksum (CRC-32).',
      `A key has scopes: ${KEY_SCOPES.map((scope) => `\`${scope}\``).join(', ')}.`,
      'It belongs in this header and nowhere else; an address that carries a key is refused.',
    ].join(' '),
  },
} as const;

/** Headers that requests may carry, by their names as components. */
export const REQUEST_HEADERS = {
  RequestId: {
    name: 'X-Request-Id',
    description:
      'Your own id of the request: it comes back in the answer, and stands in the log, the history and the events. Made up when it is missing or malformed.',
    schema: { type: 'string', pattern: '^[A-Za-z0-9._-]{8,64}$' },
    example: 'order-7741-retry-1',
  },
  IdempotencyKey: {
    name: 'Idempotency-Key',
    description:
      'Makes a repeat safe: within 24 hours the same key with the same request gets the first answer again instead of a second effect.',
    schema: { type: 'string', pattern: '^[A-Za-z0-9_-]{8,128}$' },
    example: 'order-7741-opened',
  },
} as const satisfies Record<string, DescribedHeader & { readonly name: string }>;

/** Headers of answers, by name. */
export const ANSWER_HEADERS = {
  'X-Request-Id': {
    description: 'The request’s id: the given one, or a new one.',
    schema: { type: 'string', pattern: '^[A-Za-z0-9._-]{8,64}$' },
    example: 'order-7741-retry-1',
  },
  'RateLimit-Policy': {
    description: `The project’s limit: \`q\` requests in \`w\` seconds. Missing where there is no limit.`,
    schema: { type: 'string' },
    example: `"default";q=300;w=${WINDOW_SECONDS}`,
  },
  RateLimit: {
    description: 'What is left: `r` requests, until the window ends in `t` seconds. Missing where there is no limit.',
    schema: { type: 'string' },
    example: '"default";r=299;t=42',
  },
  ETag: {
    description: 'The version of the ticket in the answer, for `If-Match`.',
    schema: { type: 'string', pattern: '^"[1-9][0-9]*"$' },
    example: '"3"',
  },
  'Idempotent-Replayed': {
    description: '`true` when the answer is the stored one of an earlier request with the same `Idempotency-Key`.',
    schema: { type: 'string', enum: ['true'] },
    example: 'true',
  },
  'Retry-After': {
    description: 'Seconds after which a repeat makes sense.',
    schema: { type: 'string', pattern: '^[0-9]+$' },
    example: '1',
  },
} as const satisfies Record<string, DescribedHeader>;

/** The name of a header of answers. */
export type AnswerHeader = keyof typeof ANSWER_HEADERS;

/** The envelope of every error and the fault of one field. */
export function errorSchemas(serverUrl: string): Schemas {
  return {
    Error: {
      type: 'object',
      description: 'What every refusal and failure looks like. Switch on `code`; the sentence is for people.',
      required: ['error', 'code', 'retryable', 'docs_url', 'request_id'],
      properties: {
        error: {
          type: 'string',
          description: 'One sentence: what is wrong, and what to do.',
          examples: ['There is no ticket with this id.'],
        },
        code: {
          type: 'string',
          enum: Object.keys(ERROR_STATUS),
          description: 'The stable name of the error.',
          examples: ['ticket_not_found'],
        },
        retryable: {
          type: 'boolean',
          description: 'Whether the same request may succeed later.',
          examples: [false],
        },
        docs_url: {
          type: 'string',
          format: 'uri',
          description: 'The page that explains the code.',
          examples: [`${serverUrl}/docs/errors#ticket_not_found`],
        },
        request_id: {
          type: 'string',
          description: 'The request’s id: it finds the request in the log.',
          examples: ['order-7741-retry-1'],
        },
        details: {
          type: 'array',
          items: { $ref: '#/components/schemas/ErrorDetail' },
          description: 'What is wrong with which field, with `validation_failed`.',
          examples: [[{ field: 'text', code: 'required', message: 'text is required.' }]],
        },
      },
    },
    ErrorDetail: {
      type: 'object',
      description: 'What is wrong with one field.',
      required: ['field', 'code', 'message'],
      properties: {
        field: {
          type: 'string',
          description: 'The field’s path in the body, the query parameter’s or the header’s name.',
          examples: ['text'],
        },
        code: {
          type: 'string',
          enum: [...DETAIL_CODES],
          description: 'The stable name of the fault.',
          examples: ['required'],
        },
        message: {
          type: 'string',
          description: 'The fault as a sentence.',
          examples: ['text is required.'],
        },
      },
    },
  };
}
