import { API_KEY_PATTERN, displayPrefixOf, isWellFormedApiKey, makeApiKey } from './api-key';

/** Made once; another implementation must come to the same checksum. */
const PUBLISHED_EXAMPLE = 'zn_live_000000000000000000000000000000';

describe('an API key', () => {
  it.each(['live', 'test'] as const)('of the %s side has the published form', (side) => {
    const key = makeApiKey(side);
    expect(key).toMatch(new RegExp(`^zn_${side}_[0-9A-Za-z]{36}$`));
    expect(key).toHaveLength(44);
    expect(isWellFormedApiKey(key)).toBe(true);
  });

  it('is found in any text by the pattern for secret scanners', () => {
    const key = makeApiKey('test');
    expect(API_KEY_PATTERN.exec(`HELPDESK_KEY="${key}"`)?.[0]).toBe(key);
  });

  it('carries the CRC-32 of what precedes it as six base62 digits', () => {
    // crc32(PUBLISHED_EXAMPLE) = 0xbf8f52b3
    expect(isWellFormedApiKey(`${PUBLISHED_EXAMPLE}3VUwsN`)).toBe(true);
  });

  it('is refused with any one character changed', () => {
    const key = makeApiKey('live');
    for (let at = 0; at < key.length; at++) {
      const changed = key.slice(0, at) + (key[at] === 'x' ? 'y' : 'x') + key.slice(at + 1);
      expect(isWellFormedApiKey(changed)).toBe(false);
    }
  });

  it.each([
    '',
    'zn_live_',
    'zn_prod_',
    `${makeApiKey('live')} `,
    `${makeApiKey('live')}\n`,
    makeApiKey('live').slice(1),
    'ключ',
  ])('is not the text %j', (text) => {
    expect(isWellFormedApiKey(text)).toBe(false);
  });

  it('uses every one of the 62 characters about equally often', () => {
    const counts = new Map<string, number>();
    for (let i = 0; i < 2_000; i++) {
      for (const character of makeApiKey('live').slice(8, 38)) {
        counts.set(character, (counts.get(character) ?? 0) + 1);
      }
    }
    // 60,000 draws, 968 expected of each: 30 % is some ten standard deviations.
    expect(counts.size).toBe(62);
    for (const count of counts.values()) {
      expect(Math.abs(count - 968)).toBeLessThan(290);
    }
  });

  it('shows its first twelve characters', () => {
    const key = makeApiKey('live');
    expect(displayPrefixOf(key)).toBe(key.slice(0, 12));
  });
});
