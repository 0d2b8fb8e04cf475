import type { ServerResponse } from 'node:http';
import { DomainError, ERROR_STATUS, RETRYABLE_CODES } from '#contracts';
import type { ErrorCode, ErrorDetail } from '#contracts';

/** The envelope of every error. */
export interface ErrorBody {
  readonly error: string;
  readonly code: string;
  readonly retryable: boolean;
  readonly docs_url: string;
  readonly request_id: string;
  readonly details?: readonly ErrorDetail[];
  readonly [member: string]: unknown;
}

/** Status, headers and body of a refusal. */
export interface ErrorAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: ErrorBody;
}

/** How a refused caller is told what kind of credentials is missing (RFC 9110, 11.6.1; RFC 6750, 3). */
const CHALLENGES: Partial<Record<ErrorCode, string>> = {
  unauthorized: 'Bearer',
  invalid_api_key: 'Bearer error="invalid_token"',
  insufficient_scope: 'Bearer error="insufficient_scope"',
};

/** Makes the answer of a refusal; `publicUrl` is where the explanations of the codes are served. */
export function answerOf(error: DomainError, requestId: string, publicUrl: string): ErrorAnswer {
  const { code, message, details, extra, retryAfterSeconds } = error;
  const challenge = CHALLENGES[code];
  return {
    status: ERROR_STATUS[code],
    headers: {
      ...(retryAfterSeconds !== undefined && { 'Retry-After': String(retryAfterSeconds) }),
      ...(challenge && { 'WWW-Authenticate': challenge }),
    },
    body: {
      error: message,
      code,
      retryable: RETRYABLE_CODES.includes(code),
      docs_url: `${publicUrl}/docs/errors#${code}`,
      request_id: requestId,
      ...(details && { details }),
      ...extra,
    },
  };
}

/** Sends the answer of a refusal, of which nothing has gone out yet. */
export function sendError(response: ServerResponse, { status, headers, body }: ErrorAnswer): void {
  const text = JSON.stringify(body);
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) {
    response.setHeader(name, value);
  }
  response.setHeader('Content-Type', 'application/json; charset=utf-8');
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('Content-Length', Buffer.byteLength(text));
  response.end(response.req.method === 'HEAD' ? undefined : text);
}
