import { DEFAULT_BOUNDS } from '../transports/rabbitmq/foreign-queues';
import { assertKey, completeBounds } from './consumer-rules';

const check = (name: string, project = 'acme') => assertKey({ name, project, side: 'live' });

describe('the name of a foreign consumer', () => {
  it.each(['ab', 'crm-2', 'a'.repeat(40)])('may be %s', (name) => {
    expect(() => check(name)).not.toThrow();
  });

  it.each(['', 'a', 'a'.repeat(41), 'Crm', 'c_m', 'crm.log', 'crm\n', 'црм', '#'])('may not be %j', (name) => {
    expect(() => check(name)).toThrow(/2 to 40 of a-z, 0-9 and "-"/);
  });

  it('stands behind a project that may have one', () => {
    expect(() => check('crm', 'acme.live')).toThrow(/project’s slug.*"acme.live"/);
  });
});

describe('the bounds of a queue', () => {
  it('are the usual ones, those that it has, or those that are asked for', () => {
    expect(completeBounds({})).toEqual(DEFAULT_BOUNDS);
    const present = { maxLength: 5, maxBytes: 1_000_000, ttlSeconds: 60 };
    expect(completeBounds({}, present)).toEqual(present);
    expect(completeBounds({ maxLength: 7 }, present)).toEqual({ ...present, maxLength: 7 });
  });

  it.each([
    [{ maxLength: 0 }, /messages .* from 1 to 10000000\. 0 is not/],
    [{ maxLength: 10_000_001 }, /messages/],
    [{ maxLength: 1.5 }, /whole number/],
    [{ maxBytes: 999_999 }, /bytes/],
    [{ maxBytes: 100_000_000_001 }, /bytes/],
    [{ ttlSeconds: 59 }, /seconds/],
    [{ ttlSeconds: 30 * 86_400 + 1 }, /seconds/],
    [{ ttlSeconds: Number.NaN }, /seconds/],
  ])('may not be %j', (asked, message) => {
    expect(() => completeBounds(asked)).toThrow(message);
  });

  it.each([
    { maxLength: 1, maxBytes: 1_000_000, ttlSeconds: 60 },
    { maxLength: 10_000_000, maxBytes: 100_000_000_000, ttlSeconds: 30 * 86_400 },
  ])('may be %j', (asked) => {
    expect(completeBounds(asked)).toEqual(asked);
  });
});
