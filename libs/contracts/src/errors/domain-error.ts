import type { ErrorCode, ErrorDetail } from './error-code';

/** What an error may carry beside its code and sentence. */
export interface DomainErrorOptions {
  readonly details?: readonly ErrorDetail[];
  /** Further members of the error body, for example `current` of a version mismatch. */
  readonly extra?: Readonly<Record<string, unknown>>;
  /** Seconds after which a repeat makes sense: becomes `Retry-After`. */
  readonly retryAfterSeconds?: number;
}

/**
 * A refusal that the caller can understand and mend. Thrown by use cases and guards; the HTTP edge alone maps its code to a
 * status, consumers take it as permanent (a repeat would fail the same way).
 */
export class DomainError extends Error {
  readonly details?: readonly ErrorDetail[];
  readonly extra?: Readonly<Record<string, unknown>>;
  readonly retryAfterSeconds?: number;

  constructor(
    readonly code: ErrorCode,
    message: string,
    options: DomainErrorOptions = {},
  ) {
    super(message);
    this.name = 'DomainError';
    this.details = options.details;
    this.extra = options.extra;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** A `validation_failed` for one field that is well-formed but names something that does not exist or may not be used. */
export function fieldError(field: string, code: ErrorDetail['code'], message: string): DomainError {
  return new DomainError('validation_failed', message, { details: [{ field, code, message }] });
}
