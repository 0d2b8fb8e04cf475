import * as fc from 'fast-check';
import { numberedSlug, SLUG_PATTERN, slugOf } from './slug';

describe('slugOf', () => {
  it.each([
    ['Acme', 'acme'],
    ['  Acme & Sons, Ltd. ', 'acme-sons-ltd'],
    ['Кофейня «Щука»', 'kofeinia-shchuka'],
    ['Їжак', 'izhak'],
    ['Café Zoë', 'cafe-zoe'],
    ['Straße', 'strasse'],
    ['Проект 42', 'proekt-42'],
    ['1', 'project'],
    ['東京', 'project'],
    ['🎉', 'project'],
  ])('makes %j into %j', (name, slug) => {
    expect(slugOf(name)).toBe(slug);
  });

  it('always gives a valid slug that neither begins nor ends with a hyphen', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (name) => {
        expect(slugOf(name)).toMatch(SLUG_PATTERN);
        expect(slugOf(name)).not.toMatch(/^-|-$/);
      }),
    );
  });
});

describe('numberedSlug', () => {
  it('keeps the first choice as it is and numbers the others', () => {
    expect([1, 2, 3].map((n) => numberedSlug('acme', n))).toEqual(['acme', 'acme-2', 'acme-3']);
  });

  it('stays within 40 characters', () => {
    expect(numberedSlug('a'.repeat(40), 12)).toBe(`${'a'.repeat(37)}-12`);
  });
});
