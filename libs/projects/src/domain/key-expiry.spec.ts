import { DomainError } from '#contracts';
import { expiryOf } from './key-expiry';
import type { KeyExpiry } from './key-expiry';

const NOW = new Date('2026-11-24T09:30:00.000Z');

describe('expiryOf', () => {
  it.each<[string, KeyExpiry, string | null]>([
    ['nothing', {}, null],
    ['one day', { expiresInDays: 1 }, '2026-11-25T09:30:00.000Z'],
    ['30 days', { expiresInDays: 30 }, '2026-12-24T09:30:00.000Z'],
    ['a moment', { expiresAt: new Date('2026-11-24T09:30:00.001Z') }, '2026-11-24T09:30:00.001Z'],
  ])('reads %s', (_what, given, expected) => {
    expect(expiryOf(given, NOW)?.toISOString() ?? null).toBe(expected);
  });

  it.each<[string, KeyExpiry, string, string]>([
    ['no day', { expiresInDays: 0 }, 'expires_in_days', 'min'],
    ['half a day', { expiresInDays: 0.5 }, 'expires_in_days', 'type'],
    ['what is no number', { expiresInDays: Number.NaN }, 'expires_in_days', 'type'],
    ['more than ten years', { expiresInDays: 3_651 }, 'expires_in_days', 'max'],
    ['this very moment', { expiresAt: NOW }, 'expires_at', 'min'],
    ['what is no date', { expiresAt: new Date('tomorrow') }, 'expires_at', 'min'],
    ['a moment in ten years and a bit', { expiresAt: new Date('2036-11-30T00:00:00Z') }, 'expires_at', 'max'],
    ['both', { expiresInDays: 1, expiresAt: new Date('2026-12-24T00:00:00Z') }, 'expires_at', 'format'],
  ])('refuses %s', (_what, given, field, code) => {
    const refusal = refusalOf(() => expiryOf(given, NOW));
    expect([refusal.code, refusal.details]).toEqual(['validation_failed', [expect.objectContaining({ field, code })]]);
  });
});

function refusalOf(work: () => unknown): DomainError {
  try {
    work();
  } catch (error) {
    if (error instanceof DomainError) {
      return error;
    }
    throw error;
  }
  throw new Error('not refused');
}
