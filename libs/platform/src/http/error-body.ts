import { DomainError, ERROR_STATUS, RETRYABLE_CODES } from '#contracts';
import type { ErrorDetail } from '#contracts';

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

/** Makes the answer of a refusal; `publicUrl` is where the explanations of the codes are served. */
export function answerOf(error: DomainError, requestId: string, publicUrl: string): ErrorAnswer {
  const { code, message, details, extra, retryAfterSeconds } = error;
  return {
    status: ERROR_STATUS[code],
    headers: retryAfterSeconds === undefined ? {} : { 'Retry-After': String(retryAfterSeconds) },
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
