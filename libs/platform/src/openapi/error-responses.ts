import type { Type } from '@nestjs/common';
import { ERROR_STATUS, RETRYABLE_CODES } from '#contracts';
import type { ErrorCode } from '#contracts';
import type { ErrorWithMembers } from './describe-route';
import { ERROR_GUIDE } from './error-guide';
import { exampleOf } from './example-of';
import type { Content } from './operation';
import { refTo } from './schema-object';
import type { Schema, Schemas } from './schema-object';
import type { AnswerHeader } from './shared-components';
import { publicName } from './tidy-schema';

/** Codes that a repeat after some seconds may mend, so their answers say after how many. */
const WITH_RETRY_AFTER: readonly ErrorCode[] = ['rate_limit_project', 'platform_busy', 'idempotency_in_progress'];

/** One answer of an operation that is no success. */
export interface ErrorResponse {
  readonly description: string;
  readonly headers: readonly AnswerHeader[];
  readonly content: Content;
}

/** Where examples take their addresses and named schemas from. */
export interface ErrorSources {
  readonly serverUrl: string;
  readonly schemas: Schemas;
}

/** The error answers of an operation by status: each with its codes, and an example for every code. */
export function errorResponses(
  errors: readonly (ErrorCode | ErrorWithMembers)[],
  sources: ErrorSources,
): Record<string, ErrorResponse> {
  const byStatus = new Map<number, ErrorWithMembers[]>();
  for (const error of merged(errors)) {
    const status = ERROR_STATUS[error.code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), error]);
  }
  return Object.fromEntries([...byStatus].map(([status, together]) => [status, responseOf(together, sources)]));
}

/** A code that is named twice counts once, with the members of the naming that has some. */
function merged(errors: readonly (ErrorCode | ErrorWithMembers)[]): ErrorWithMembers[] {
  const byCode = new Map<ErrorCode, ErrorWithMembers>();
  for (const error of errors) {
    const { code, members } = typeof error === 'string' ? { code: error, members: {} } : error;
    byCode.set(code, { code, members: { ...byCode.get(code)?.members, ...members } });
  }
  return [...byCode.values()];
}

function responseOf(together: readonly ErrorWithMembers[], sources: ErrorSources): ErrorResponse {
  const codes = together.map(({ code }) => code);
  return {
    description: codes.map((code) => `\`${code}\`: ${ERROR_GUIDE[code].meaning}`).join('\n\n'),
    headers: codes.some((code) => WITH_RETRY_AFTER.includes(code)) ? ['Retry-After'] : [],
    content: {
      'application/json': {
        schema: schemaOf(together),
        examples: Object.fromEntries(together.map((error) => [error.code, exampleIn(error, sources)])),
      },
    },
  };
}

/** One example for every code, which the operations refer to. */
export function errorExamples(sources: ErrorSources): Record<string, object> {
  const codes = Object.keys(ERROR_STATUS) as ErrorCode[];
  return Object.fromEntries(
    codes.map((code) => {
      return [code, { summary: ERROR_GUIDE[code].meaning, value: exampleError({ code, members: {} }, sources) }];
    }),
  );
}

function exampleIn(error: ErrorWithMembers, sources: ErrorSources): object {
  return Object.keys(error.members).length === 0
    ? { $ref: `#/components/examples/${error.code}` }
    : { summary: ERROR_GUIDE[error.code].meaning, value: exampleError(error, sources) };
}

function schemaOf(together: readonly ErrorWithMembers[]): Schema {
  const members = Object.assign({}, ...together.map((error) => error.members)) as ErrorWithMembers['members'];
  const properties = Object.fromEntries(
    Object.entries(members).map(([name, member]) => [
      name,
      { ...schemaOfMember(member), description: withCode(name, together) },
    ]),
  );
  return Object.keys(members).length === 0 ? refTo('Error') : { allOf: [refTo('Error')], type: 'object', properties };
}

function withCode(name: string, together: readonly ErrorWithMembers[]): string {
  const codes = together.filter(({ members }) => name in members).map(({ code }) => `\`${code}\``);
  return `With ${codes.join(' and ')}.`;
}

function schemaOfMember(member: Type | readonly [Type]): Schema {
  return typeof member === 'function'
    ? refTo(publicName(member.name))
    : { type: 'array', items: refTo(publicName(member[0].name)) };
}

function exampleError({ code, members }: ErrorWithMembers, { serverUrl, schemas }: ErrorSources): object {
  const message = ERROR_GUIDE[code].meaning;
  return {
    error: message,
    code,
    retryable: RETRYABLE_CODES.includes(code),
    docs_url: `${serverUrl}/docs/errors#${code}`,
    request_id: 'order-7741-retry-1',
    ...(code === 'validation_failed' && {
      details: [{ field: 'limit', code: 'max', message: 'limit must be at most 100.' }],
    }),
    ...Object.fromEntries(
      Object.entries(members).map(([name, member]) => [name, exampleOf(schemaOfMember(member), schemas, 'all')]),
    ),
  };
}
