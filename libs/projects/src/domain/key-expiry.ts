import { fieldError } from '#contracts';

const DAY_MS = 86_400_000;

/** Longest life of a key that expires at all, in days. */
const MAX_DAYS = 3_650;

/** When a key stops working: after some days, or at a moment; neither means never. */
export interface KeyExpiry {
  readonly expiresInDays?: number;
  readonly expiresAt?: Date;
}

/**
 * The moment at which a key that is issued `now` expires; null for never.
 * @throws {DomainError} `validation_failed` for one that lies in the past or too far ahead.
 */
export function expiryOf({ expiresInDays, expiresAt }: KeyExpiry, now: Date): Date | null {
  if (expiresInDays !== undefined && expiresAt !== undefined) {
    throw fieldError('expires_at', 'format', 'Give the days or the moment of expiry, not both.');
  }
  if (expiresInDays !== undefined) {
    return afterDays(expiresInDays, now);
  }
  if (expiresAt === undefined) {
    return null;
  }
  if (!(expiresAt > now)) {
    throw fieldError('expires_at', 'min', 'expires_at must be a moment in the future.');
  }
  if (expiresAt.getTime() > now.getTime() + MAX_DAYS * DAY_MS) {
    throw fieldError('expires_at', 'max', `expires_at must be at most ${MAX_DAYS} days ahead.`);
  }
  return expiresAt;
}

function afterDays(days: number, now: Date): Date {
  if (!Number.isInteger(days)) {
    throw fieldError('expires_in_days', 'type', 'expires_in_days must be a whole number of days.');
  }
  if (days < 1) {
    throw fieldError('expires_in_days', 'min', 'expires_in_days must be at least 1.');
  }
  if (days > MAX_DAYS) {
    throw fieldError('expires_in_days', 'max', `expires_in_days must be at most ${MAX_DAYS}.`);
  }
  return new Date(now.getTime() + days * DAY_MS);
}
