import { applyDecorators, HttpCode } from '@nestjs/common';
import type { Type } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import { ERROR_STATUS, RETRYABLE_CODES } from '#contracts';
import type { ErrorCode } from '#contracts';

/** What the API document says of one route. */
export interface RouteDescription {
  /** The operation's name in the generated client, unique in the API. */
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  readonly answer: {
    /** 201 for creation, 204 without a body, else 200 (default). */
    readonly status?: 200 | 201 | 204;
    readonly type?: Type;
    readonly description: string;
  };
  /** The codes that this route can answer with beside {@link COMMON_ERRORS}. */
  readonly errors?: readonly ErrorCode[];
}

/** Codes that every route with a key can answer with. */
const COMMON_ERRORS: readonly ErrorCode[] = [
  'validation_failed',
  'unauthorized',
  'invalid_api_key',
  'insufficient_scope',
  'not_found',
  'rate_limit_project',
  'internal_error',
  'platform_busy',
];

/** Reference of the error envelope in the API document. */
export const ERROR_SCHEMA_REF = '#/components/schemas/Error';

/** Describes a route once: its success status and its part of the API document. */
export function DescribeRoute({
  operationId,
  summary,
  description,
  answer,
  errors = [],
}: RouteDescription): MethodDecorator {
  const { status = 200, type } = answer;
  return applyDecorators(
    HttpCode(status),
    ApiOperation({ operationId, summary, description }),
    ApiResponse({ status, description: answer.description, ...(type && { type }) }),
    ...errorResponses([...COMMON_ERRORS, ...errors]),
  );
}

function errorResponses(codes: readonly ErrorCode[]): MethodDecorator[] {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of new Set(codes)) {
    byStatus.set(ERROR_STATUS[code], [...(byStatus.get(ERROR_STATUS[code]) ?? []), code]);
  }
  return [...byStatus].map(([status, together]) =>
    ApiResponse({
      status,
      description: together.map((code) => `\`${code}\``).join(', '),
      content: {
        'application/json': {
          schema: { $ref: ERROR_SCHEMA_REF },
          examples: Object.fromEntries(together.map((code) => [code, { value: exampleError(code) }])),
        },
      },
    }),
  );
}

function exampleError(code: ErrorCode): object {
  const sentence = code.replaceAll('_', ' ');
  return {
    error: sentence.charAt(0).toUpperCase() + sentence.slice(1),
    code,
    retryable: RETRYABLE_CODES.includes(code),
    docs_url: `http://localhost:3000/docs/errors#${code}`,
    request_id: '019ab6c2-7a10-7c3e-9a55-1f2d3c4b5a69',
  };
}
