import * as fc from 'fast-check';
import { DomainError } from '#contracts';
import { parseJsonBody } from './json-body';

const parse = (text: string | Buffer): unknown => parseJsonBody(Buffer.from(text as string));

function refusalOf(body: string | Buffer): DomainError {
  try {
    parse(body);
  } catch (error) {
    if (error instanceof DomainError) {
      return error;
    }
    throw error;
  }
  throw new Error('not refused');
}

function outcomeOf(body: Buffer): unknown {
  try {
    parseJsonBody(body);
    return 'read';
  } catch (error) {
    return (error as DomainError).code;
  }
}

const nested = (depth: number, open: string, close: string) => open.repeat(depth) + close.repeat(depth);

describe('parseJsonBody', () => {
  it.each([
    ['{"text":"Привет 👋"}', { text: 'Привет 👋' }],
    ['  {"a":[1,-0.5,1e3,true,false,null]}\n', { a: [1, -0.5, 1_000, true, false, null] }],
    ['"text"', 'text'],
    ['null', null],
    ['{"a":"\\u0041\\ud83d\\ude00\\u200f"}', { a: 'A😀\u200f' }],
    ['{"a":"line\\r\\nline\\ttab"}', { a: 'line\r\nline\ttab' }],
    ['\ufeff{"a":1}', { a: 1 }],
  ])('reads %j', (text, value) => {
    expect(parse(text)).toEqual(value);
  });

  it('reads everything that JSON can write, but for what it refuses by name', () => {
    const harmless = fc
      .jsonValue({ maxDepth: 5 })
      .filter((value) => !/__proto__|constructor|prototype|\\u0000|\\ud[89a-f]/.test(JSON.stringify(value)));
    fc.assert(
      fc.property(harmless, (value) => expect(parse(JSON.stringify(value))).toEqual(JSON.parse(JSON.stringify(value)))),
    );
  });

  it('answers any bytes with a value or a refusal, never with another error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) =>
        expect(['read', 'validation_failed']).toContain(outcomeOf(Buffer.from(bytes))),
      ),
    );
  });

  describe('depth', () => {
    it.each([
      ['20 arrays', nested(20, '[', ']')],
      ['20 objects', `${'{"a":'.repeat(20)}1${'}'.repeat(20)}`],
      ['brackets in a text', `["${'['.repeat(100)}"]`],
      ['brackets after an escaped quote', `["\\"${'['.repeat(100)}"]`],
      ['a text that ends with a backslash', `["\\\\",${nested(19, '[', ']')}]`],
      ['many arrays beside each other', `[${Array.from({ length: 1_000 }, () => '[]').join(',')}]`],
    ])('of %s is fine', (_what, text) => {
      expect(() => parse(text)).not.toThrow();
    });

    it.each([
      ['21 arrays', nested(21, '[', ']')],
      ['21 objects', `${'{"a":'.repeat(21)}1${'}'.repeat(21)}`],
      ['100,000 arrays', nested(100_000, '[', ']')],
      ['100,000 arrays that never end', '['.repeat(100_000)],
    ])('of %s is refused', (_what, text) => {
      expect(refusalOf(text)).toMatchObject({
        code: 'validation_failed',
        message: expect.stringContaining('20 levels'),
      });
    });
  });

  it.each([
    '',
    '{',
    '{"a":1',
    '{"a":1}}',
    "{'a':1}",
    '{"a":1,}',
    '{"a":NaN}',
    '{"a":01}',
    'text',
    '{"a":"line\nbreak"}',
  ])('refuses %j, which is not JSON', (text) => {
    expect(refusalOf(text)).toMatchObject({
      code: 'validation_failed',
      message: expect.stringContaining('not valid JSON'),
    });
  });

  it.each([
    ['a byte that begins nothing', [0xff]],
    ['a letter cut short', [0xd0]],
    ['an overlong form', [0xc0, 0xaf]],
    ['half of a surrogate pair', [0xed, 0xa0, 0x80]],
  ])('refuses %s, which is not UTF-8', (_what, bytes) => {
    const body = Buffer.concat([Buffer.from('{"a":"'), Buffer.from(bytes), Buffer.from('"}')]);
    expect(refusalOf(body)).toMatchObject({
      code: 'validation_failed',
      message: expect.stringContaining('not valid UTF-8'),
    });
  });

  it.each([
    ['{"a":"\\u0000"}', 'a'],
    ['{"a":{"b":["x","\\ud83d"]}}', 'a.b[1]'],
    ['{"a":"\\ude00\\ud83d"}', 'a'],
    ['"\\u0000"', ''],
    ['{"a\\u0000":1}', 'a\ufffd'],
    ['{"__proto__":{}}', '__proto__'],
    ['{"a":{"constructor":1}}', 'a.constructor'],
    ['[{"prototype":1}]', '[0].prototype'],
    ['{"\\u005f_proto__":1}', '__proto__'],
  ])('refuses %s and says where', (text, field) => {
    expect(refusalOf(text).details).toEqual([
      { field, code: 'forbidden_characters', message: expect.stringMatching(/Remove it\.$/) },
    ]);
  });

  it('reaches no prototype on the way to the refusal', () => {
    refusalOf('{"__proto__":{"polluted":true}}');
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it('names twenty faults at most, in names of bearable length', () => {
    const { details } = refusalOf(
      JSON.stringify(Array.from({ length: 5_000 }, () => ({ [`${'x'.repeat(999)}\u0000`]: 1 }))),
    );
    expect(details?.length).toBeLessThanOrEqual(20);
    expect(Math.max(...(details ?? []).map(({ field }) => field.length))).toBeLessThanOrEqual(200);
  });
});
