import { parseIfMatch } from './if-match';

describe('If-Match', () => {
  it.each<[string | undefined, number | undefined]>([
    ['"3"', 3],
    ['W/"3"', 3],
    ['3', 3],
    [' "12" ', 12],
    ['"0"', 0],
    ['"9999999999"', 9_999_999_999],
    ['*', undefined],
    [undefined, undefined],
  ])('%j asks for version %j', (header, version) => {
    expect(parseIfMatch(header)).toBe(version);
  });

  it.each(['', '""', '"x"', '"3', '3"', '"-1"', '"1.5"', '"3", "4"', '"99999999999"', "'3'", '"３"'])(
    '%j is no version, and refused',
    (header) => {
      expect(() => parseIfMatch(header)).toThrow(
        expect.objectContaining({
          code: 'validation_failed',
          details: [expect.objectContaining({ field: 'If-Match', code: 'format' })],
        }),
      );
    },
  );
});
