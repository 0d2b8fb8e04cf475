import { DomainError } from '#contracts';
import { judgeFailure, PermanentFailure } from './failure-policy';

const LADDER = [5_000, 30_000];

describe('a failed attempt', () => {
  it.each([
    [1, { kind: 'retry', delayMs: 5_000, reason: 'Error: away' }],
    [2, { kind: 'retry', delayMs: 30_000, reason: 'Error: away' }],
    [3, { kind: 'dead', reason: 'Error: away' }],
  ])('number %d climbs the ladder to its end', (attempt, verdict) => {
    expect(judgeFailure(new Error('away'), attempt, LADDER)).toEqual(verdict);
  });

  it.each([
    ['a refusal of the domain', new DomainError('conflict', 'Merged.'), 'dead', 'conflict: Merged.'],
    ['a refusal that time may mend', new DomainError('platform_busy', 'Later.'), 'retry', 'platform_busy: Later.'],
    ['an event that cannot be read', new PermanentFailure('No JSON.'), 'dead', 'PermanentFailure: No JSON.'],
    ['something that is no error', 'oops', 'retry', 'oops'],
    ['nothing at all', undefined, 'retry', 'undefined'],
    ['an error with a character that cannot be stored', new Error('a\0b'), 'retry', 'Error: ab'],
  ])('by %s', (_by, error, kind, reason) => {
    expect(judgeFailure(error, 1, LADDER)).toMatchObject({ kind, reason });
  });

  it('has a reason of bounded length', () => {
    expect(judgeFailure(new Error('x'.repeat(10_000)), 1, LADDER).reason.length).toBe(500);
  });
});
