import { MAX_TAGS, uniqueTags, withoutTag, withTag } from './tags';

describe('tags', () => {
  it('that differ only in case are one, and the first spelling is kept', () => {
    expect(uniqueTags(['VIP', 'vip', 'Оплата', 'ОПЛАТА', 'x'])).toEqual(['VIP', 'Оплата', 'x']);
  });

  it('are compared after composing combining marks', () => {
    expect(uniqueTags(['й', '\u0438\u0306'])).toEqual(['й']);
  });

  it('stay the same list when the tag is there already, or is not there to be removed', () => {
    const tags = ['VIP'];
    expect(withTag(tags, 'vip')).toBe(tags);
    expect(withoutTag(tags, 'other')).toBe(tags);
  });

  it('are removed in whatever case', () => {
    expect(withoutTag(['VIP', 'x'], 'vip')).toEqual(['x']);
  });

  it('are limited in number', () => {
    const full = Array.from({ length: MAX_TAGS }, (_, index) => `tag-${index}`);
    expect(() => withTag(full, 'one-more')).toThrow('at most');
    expect(withTag(full, 'TAG-0')).toBe(full);
  });
});
