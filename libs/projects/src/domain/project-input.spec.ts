import { checkedCount, checkedEmail, checkedName, checkedSlug } from './project-input';

/** A refusal that names the field and its fault. */
const fault = (field: string, code: string) =>
  expect.objectContaining({ code: 'validation_failed', details: [expect.objectContaining({ field, code })] });

const thrownBy = (work: () => unknown): unknown => {
  try {
    return { returned: work() };
  } catch (error) {
    return error;
  }
};

describe('a name', () => {
  it.each(['A', 'Кофейня «Щука»', '👩‍👩‍👧 & Co', ' spaced ', 'x'.repeat(100)])('may be %j', (name) => {
    expect(checkedName(name)).toBe(name);
  });

  it.each([
    ['', 'required'],
    ['   ', 'required'],
    ['x'.repeat(101), 'max'],
    ['two\nlines', 'forbidden_characters'],
    ['tab\tbed', 'forbidden_characters'],
    ['\u0000', 'forbidden_characters'],
    ['half \ud83d', 'forbidden_characters'],
  ])('must not be %j', (name, code) => {
    expect(thrownBy(() => checkedName(name))).toEqual(fault('name', code));
  });
});

describe('a slug', () => {
  it.each(['ab', 'a-1', 'x'.repeat(40)])('may be %j', (slug) => {
    expect(checkedSlug(slug)).toBe(slug);
  });

  it.each(['', 'a', 'Acme', 'a_b', 'a b', 'ab\n', 'x'.repeat(41), 'щука'])('must not be %j', (slug) => {
    expect(thrownBy(() => checkedSlug(slug))).toEqual(fault('slug', 'format'));
  });
});

describe('an e-mail address', () => {
  it.each([
    'ann@example.com',
    'Ann.O’Brien+desk@mail.example.co.uk',
    'root@localhost',
    'анна@почта.рф',
    `${'x'.repeat(64)}@example.com`,
  ])('may be %j', (email) => {
    expect(checkedEmail(email)).toBe(email);
  });

  it.each([
    ['', 'required'],
    ['ann', 'format'],
    ['@example.com', 'format'],
    ['ann@', 'format'],
    ['ann@@example.com', 'format'],
    ['ann@example..com', 'format'],
    ['ann@-example.com', 'format'],
    ['ann@example.com.', 'format'],
    ['ann bee@example.com', 'format'],
    ['Ann <ann@example.com>', 'format'],
    [' ann@example.com', 'format'],
    [`${'x'.repeat(65)}@example.com`, 'format'],
    [`ann@${'x'.repeat(250)}.com`, 'max'],
    ['ann@example.com\n', 'forbidden_characters'],
  ])('must not be %j', (email, code) => {
    expect(thrownBy(() => checkedEmail(email))).toEqual(fault('email', code));
  });

  it('is judged in linear time', () => {
    expect(thrownBy(() => checkedEmail(`a@${'a-'.repeat(120)}`))).toEqual(fault('email', 'format'));
  });
});

describe('a quota or limit', () => {
  it.each([0, 1, 2_147_483_647, null])('may be %j', (count) => {
    expect(checkedCount('monthly_reply_quota', count)).toBe(count);
  });

  it.each([
    [-1, 'min'],
    [1.5, 'type'],
    [Number.NaN, 'type'],
    [Number.POSITIVE_INFINITY, 'type'],
    [2_147_483_648, 'max'],
  ])('must not be %j', (count, code) => {
    expect(thrownBy(() => checkedCount('monthly_reply_quota', count))).toEqual(fault('monthly_reply_quota', code));
  });
});
