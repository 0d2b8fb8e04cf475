import { DomainError, RETRYABLE_CODES } from '#contracts';

/** A failure that no repeat can mend, such as an event that cannot be read. */
export class PermanentFailure extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'PermanentFailure';
  }
}

/** What follows from a failed attempt. */
export type Verdict =
  | { readonly kind: 'retry'; readonly delayMs: number; readonly reason: string }
  | { readonly kind: 'dead'; readonly reason: string };

const MAX_REASON = 500;

/**
 * A refusal of the domain is final at once, unless its code says that a repeat may succeed; everything else climbs the ladder.
 * @param attempt the attempt that failed: 1, 2, 3 …
 * @param delaysMs the ladder: waits before the second, third … attempt.
 */
export function judgeFailure(error: unknown, attempt: number, delaysMs: readonly number[]): Verdict {
  const reason = reasonOf(error);
  const delayMs = delaysMs[attempt - 1];
  return isFinal(error) || delayMs === undefined ? { kind: 'dead', reason } : { kind: 'retry', delayMs, reason };
}

/** Whether a handler gave up because its signal told it to. */
export function isAbort(error: unknown): boolean {
  return (error as { readonly name?: unknown } | null | undefined)?.name === 'AbortError';
}

function isFinal(error: unknown): boolean {
  if (error instanceof DomainError) {
    return !RETRYABLE_CODES.includes(error.code);
  }
  return error instanceof PermanentFailure;
}

/** As short as a reason should be, and without the one character that the database does not store. */
function reasonOf(error: unknown): string {
  return textOf(error).replaceAll('\0', '').slice(0, MAX_REASON);
}

function textOf(error: unknown): string {
  if (error instanceof DomainError) {
    return `${error.code}: ${error.message}`;
  }
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
