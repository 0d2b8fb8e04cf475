import { HttpException } from '@nestjs/common';
import { DomainError } from '#contracts';

/** SQLSTATEs after which the same request may succeed: contention, shutdown, too many connections, cancelled statements. */
const BUSY_STATES = /^(40001|40P01|55P03|57014|57P0[1-3]|53[0-9A-Z]{3}|08[0-9A-Z]{3}|25P03)$/;
const BUSY_ERRNO = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND']);
const BUSY_TEXT = /timeout exceeded when trying to connect|Connection terminated|not queryable|Query read timeout/;

/**
 * What any thrown thing means to the caller. Unknown things become `internal_error`, of which the caller learns nothing but
 * the request id.
 */
export function classifyError(error: unknown): DomainError {
  if (error instanceof DomainError) {
    return error;
  }
  if (error instanceof URIError) {
    return new DomainError(
      'bad_request',
      'The address is not well-formed: a % must be followed by two hexadecimal digits.',
    );
  }
  if (error instanceof HttpException) {
    return ofHttpException(error);
  }
  return isBusy(error)
    ? new DomainError('platform_busy', 'The service is busy right now. Try again in a moment.', {
        retryAfterSeconds: 1,
      })
    : new DomainError('internal_error', 'Something went wrong on our side. The request id finds it in the log.');
}

function ofHttpException(error: HttpException): DomainError {
  switch (error.getStatus()) {
    case 404:
      return new DomainError('not_found', 'There is nothing at this address. GET /openapi.json lists what there is.');
    case 413:
      return new DomainError('payload_too_large', 'The body is too large. Send less at once.');
    case 503:
      return new DomainError('platform_busy', 'The service is busy right now. Try again in a moment.', {
        retryAfterSeconds: 1,
      });
    default:
      return error.getStatus() < 500
        ? new DomainError('bad_request', 'The request is not well-formed.')
        : new DomainError('internal_error', 'Something went wrong on our side. The request id finds it in the log.');
  }
}

function isBusy(error: unknown): boolean {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  return (
    (typeof code === 'string' && (BUSY_STATES.test(code) || BUSY_ERRNO.has(code))) ||
    (typeof message === 'string' && BUSY_TEXT.test(message))
  );
}
