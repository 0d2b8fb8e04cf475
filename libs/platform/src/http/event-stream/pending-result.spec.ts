import { PendingResult } from './pending-result';

const LONG_MS = 60_000;

describe('PendingResult', () => {
  it('says when the time is over, again and again, and when it has settled', async () => {
    const deferred: { resolve?: (value: string) => void } = {};
    const pending = new PendingResult(new Promise<string>((resolve) => (deferred.resolve = resolve)));
    expect(await pending.settlesWithin(1)).toBe(false);
    expect(await pending.settlesWithin(1)).toBe(false);
    const waiting = pending.settlesWithin(LONG_MS);
    deferred.resolve?.('done');
    expect(await waiting).toBe(true);
    expect(await pending.settlesWithin(LONG_MS)).toBe(true);
    expect(await pending.value()).toBe('done');
  });

  it('has settled when it has failed, and fails where it is asked for its value', async () => {
    const pending = new PendingResult(Promise.reject(new Error('no')));
    expect(await pending.settlesWithin(LONG_MS)).toBe(true);
    await expect(pending.value()).rejects.toThrow('no');
  });
});
