import { KeyCache } from './key-cache';

describe('KeyCache', () => {
  let now: number;
  let stored: Map<string, string>;
  let lookUps: string[];
  let cache: KeyCache<string>;

  beforeEach(() => {
    now = 1_000;
    stored = new Map([['a', 'key a']]);
    lookUps = [];
    cache = new KeyCache({ maxAgeMs: 3_000, maxEntries: 3, now: () => now });
  });

  const get = (id: string) =>
    cache.get(id, async () => {
      lookUps.push(id);
      return stored.get(id) ?? null;
    });

  /** A look-up that answers when it is told to. */
  function slowLookUp() {
    let answer!: (value: string | null) => void;
    let fail!: (error: Error) => void;
    const found = cache.get('a', () => {
      lookUps.push('slow a');
      return new Promise<string | null>((resolve, reject) => {
        [answer, fail] = [resolve, reject];
      });
    });
    return { found, answer: (value: string | null) => answer(value), fail: (error: Error) => fail(error) };
  }

  it('looks a key up once within its age', async () => {
    await get('a');
    now += 2_999;
    expect(await get('a')).toBe('key a');
    expect(lookUps).toEqual(['a']);
  });

  it('looks it up again after that, and learns what has changed', async () => {
    await get('a');
    stored.delete('a');
    now += 3_000;
    expect(await get('a')).toBeNull();
    expect(lookUps).toEqual(['a', 'a']);
  });

  it('keeps no trace of a key that was not there, so that a fresh one works at once', async () => {
    expect(await get('b')).toBeNull();
    stored.set('b', 'key b');
    expect(await get('b')).toBe('key b');
  });

  it('shares one look-up among all who ask meanwhile', async () => {
    const slow = slowLookUp();
    const others = [get('a'), get('a')];
    slow.answer('key a');
    expect(await Promise.all([slow.found, ...others])).toEqual(['key a', 'key a', 'key a']);
    expect(lookUps).toEqual(['slow a']);
  });

  it('counts the age from the beginning of the look-up, when the row may have been read', async () => {
    const slow = slowLookUp();
    now += 2_000;
    slow.answer('key a');
    await slow.found;
    now += 1_000;
    await get('a');
    expect(lookUps).toEqual(['slow a', 'a']);
  });

  it('waits for no look-up that hangs for longer than an answer may be old, and keeps the younger answer', async () => {
    const slow = slowLookUp();
    now += 3_000;
    expect(await get('a')).toBe('key a');
    slow.answer('older');
    expect(await slow.found).toBe('older');
    expect(await get('a')).toBe('key a');
    expect(lookUps).toEqual(['slow a', 'a']);
  });

  it('forgets a look-up that failed', async () => {
    const slow = slowLookUp();
    slow.fail(new Error('no database'));
    await expect(slow.found).rejects.toThrow('no database');
    expect(await get('a')).toBe('key a');
  });

  it('takes an answer from the future for stale: the clock was set back', async () => {
    await get('a');
    now -= 1;
    await get('a');
    expect(lookUps).toEqual(['a', 'a']);
  });

  it('keeps no more than it may, and lets the oldest go first', async () => {
    for (const id of ['a', 'b', 'c', 'd']) {
      stored.set(id, `key ${id}`);
      await get(id);
    }
    lookUps = [];
    for (const id of ['d', 'c', 'b', 'a']) {
      await get(id);
    }
    expect(lookUps).toEqual(['a']);
  });
});
