import 'reflect-metadata';
import { DomainError } from '#contracts';
import { DtoPipe } from './dto.pipe';
import { fault } from './field-fault';
import { Matching, OneNumberOf, Structured } from './fields';
import { Multilingual } from './multilingual';

const about = (example: unknown) => ({ description: 'A field.', example });

const checkPair = (value: unknown) =>
  Array.isArray(value) && value.length === 2 ? null : fault('length', 'must have two parts', '.pair[1]');

class Configured {
  @Matching(/^[a-z]{1,3}$/, { ...about('abc'), nullable: true, words: 'must have 1 to 3 small letters' })
  readonly matching?: string | null;

  @OneNumberOf([12, 24], { ...about(12), nullable: true })
  readonly one_number?: number | null;

  @Multilingual({ ...about({ en: 'Hi' }), nullable: true, max: 10 })
  readonly texts?: object | null;

  @Structured(
    { check: checkPair, read: (value) => (value as string[]).join('-'), schema: { type: 'array', items: {} } },
    about(['a', 'b']),
  )
  readonly structured?: string;
}

const read = (value: object): Record<string, unknown> =>
  new DtoPipe().transform(value, { type: 'body', metatype: Configured }) as Record<string, unknown>;

function refusalOf(field: string, value: unknown): unknown {
  try {
    return { accepted: read({ [field]: value }) };
  } catch (error) {
    return error instanceof DomainError && error.details?.length === 1 ? error.details[0] : error;
  }
}

describe('a field of the configuration', () => {
  it.each<[string, unknown, unknown]>([
    ['matching', 'abc', 'abc'],
    ['matching', ' ', null],
    ['one_number', 24, 24],
    ['one_number', null, null],
    ['texts', { ru: 'Да', en: ' a\nb' }, { ru: 'Да', en: ' a\nb' }],
    ['texts', { en: 'x'.repeat(10) }, { en: 'x'.repeat(10) }],
    ['texts', { ru: ' \n', en: 'Hi' }, { en: 'Hi' }],
    ['texts', { ru: '' }, null],
    ['texts', {}, null],
    ['texts', null, null],
    ['structured', ['a', 'b'], 'a-b'],
  ])('%s reads %j as %j', (field, value, expected) => {
    expect(read({ [field]: value })[field]).toEqual(expected);
  });

  it.each<[string, unknown, string]>([
    ['matching', 'abcd', 'format'],
    ['matching', 'ABC', 'format'],
    ['matching', 'ab\n', 'format'],
    ['matching', 'a\u0000', 'forbidden_characters'],
    ['matching', 1, 'type'],
    ['one_number', 13, 'enum'],
    ['one_number', '12', 'type'],
    ['one_number', 12.5, 'type'],
    ['texts', 'Hello', 'type'],
    ['texts', ['Hello'], 'type'],
    ['texts', { en: 1 }, 'type'],
    ['texts', { en: null }, 'type'],
    ['texts', { en: 'x'.repeat(11) }, 'max'],
    ['texts', { en: 'a\ud800' }, 'forbidden_characters'],
    ['texts', { en: 'Hi', de: 'Hallo' }, 'unknown_field'],
    ['texts', { toString: 'Hi' }, 'unknown_field'],
    ['structured', ['a'], 'length'],
  ])('%s refuses %j: %s', (field, value, code) => {
    expect(refusalOf(field, value)).toMatchObject({ code });
  });

  it.each<[string, unknown, string, string]>([
    ['texts', 'Hello', 'texts', 'texts must be an object with the text in each language, such as {"ru":'],
    ['texts', { en: 'x'.repeat(11) }, 'texts.en', 'texts.en must have at most 10 characters, has 11.'],
    ['texts', { de: 'Hallo' }, 'texts.de', 'texts.de is no language here. Known are: ru, en.'],
    ['structured', [], 'structured.pair[1]', 'structured.pair[1] must have two parts.'],
    ['one_number', 13, 'one_number', 'one_number must be one of 12, 24.'],
  ])('%s %j is refused by the name of its faulty part', (field, value, place, message) => {
    expect(refusalOf(field, value)).toMatchObject({ field: place, message: expect.stringContaining(message) });
  });
});
