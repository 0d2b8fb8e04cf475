import type { DetailCode } from '#contracts';
import type { Schema } from '../../support/api-document';

/** A value that a field must refuse, and the codes that may say why. */
export interface WrongValue {
  readonly label: string;
  readonly value: unknown;
  readonly codes: readonly DetailCode[];
}

const wrong = (label: string, value: unknown, ...codes: DetailCode[]): WrongValue => ({ label, value, codes });

const LONE_SURROGATES = ['\ud800', 'a\udfff', '\ud83d'];
const CONTROLS = ['\u0001', '\t', '\n', '\u001f', '\u007f', '\u0085', '\u009f'];
const NO_UUIDS = [
  'nonsense',
  '019ab6c2',
  '019ab6c27a107c3e9a551f2d3c4b5a69',
  '019ab6c2-7a10-7c3e-9a55-1f2d3c4b5a690',
  '{019ab6c2-7a10-7c3e-9a55-1f2d3c4b5a69}',
  '019ab6c2-7a10-7c3e-9a55-1f2d3c4b5a6g',
  "' OR 1=1 --",
  '../..',
];

const typesOf = ({ type }: Schema): readonly string[] => (Array.isArray(type) ? type : type ? [type] : []);

/** Whether a schema lets null through. */
export const isNullable = (schema: Schema): boolean => typesOf(schema).includes('null');

/** Values of a body's field that its schema excludes, with the codes of the refusal. */
export function wrongBodyValues(schema: Schema, required: boolean): WrongValue[] {
  const nothing = required ? (['required', 'type'] as const) : (['type'] as const);
  return [
    ...(isNullable(schema) ? [] : [wrong('null', null, ...nothing)]),
    ...otherTypes(schema).map((value) => wrong(`${JSON.stringify(value)} instead of its type`, value, 'type')),
    ...(typesOf(schema).includes('string') ? wrongTexts(schema, required) : []),
    ...(typesOf(schema).includes('integer') ? wrongNumbers(schema) : []),
    ...(typesOf(schema).includes('array') ? wrongLists(schema) : []),
  ];
}

/** Values of every JSON type but its own. */
function otherTypes(schema: Schema): unknown[] {
  const byType: Readonly<Record<string, unknown[]>> = {
    string: ['text'],
    integer: [1],
    boolean: [true, false],
    array: [[], ['a']],
    object: [{}, { a: 1 }],
  };
  const own = typesOf(schema);
  return Object.entries(byType).flatMap(([type, values]) => (own.includes(type) ? [] : values));
}

function wrongTexts(schema: Schema, required: boolean): WrongValue[] {
  const { enum: words, maxLength = 0, format, pattern } = schema;
  const oneLine = pattern?.includes('u001f') ?? false;
  return [
    wrong('NUL', 'a\u0000b', 'forbidden_characters'),
    ...LONE_SURROGATES.map((text) =>
      wrong(`half a surrogate pair ${JSON.stringify(text)}`, text, 'forbidden_characters'),
    ),
    ...(maxLength > 0
      ? [
          wrong(`${maxLength + 1} characters`, 'x'.repeat(maxLength + 1), 'max'),
          wrong(`${maxLength + 2} UTF-16 units of emoji`, '😀'.repeat(maxLength / 2 + 1), 'max'),
          wrong('100,000 characters', 'x'.repeat(100_000), 'max'),
        ]
      : []),
    ...(required
      ? ['', ' ', '\n\t ', '\u00a0'].map((text) => wrong(`blank ${JSON.stringify(text)}`, text, 'required', 'enum'))
      : []),
    ...(oneLine
      ? CONTROLS.map((sign) => wrong(`control ${JSON.stringify(sign)}`, `a${sign}b`, 'forbidden_characters'))
      : []),
    ...(words
      ? ['nonsense', ...caseVariants(words), `${String(words[0])} `].map((text) =>
          wrong(`no word of the set: ${text}`, text, 'enum'),
        )
      : []),
    ...(format === 'uuid' ? NO_UUIDS.map((text) => wrong(`no UUID: ${text}`, text, 'format')) : []),
  ];
}

const caseVariants = (words: readonly unknown[]): string[] => [String(words[0]).toUpperCase()];

function wrongNumbers({ minimum = -Infinity, maximum = Infinity, enum: numbers, ...schema }: Schema): WrongValue[] {
  const excluded = ((schema as { not?: Schema }).not?.enum ?? []) as number[];
  return [
    wrong('a fraction', 1.5, 'type'),
    wrong('a number as text', '1', 'type'),
    wrong('more than any integer', 1e300, 'type', 'max', 'enum'),
    ...(numbers ? [13, 0, -12].map((value) => wrong(`no number of the set: ${value}`, value, 'enum')) : []),
    ...(minimum > -Infinity ? [wrong('less than the least', minimum - 1, 'min', 'type')] : []),
    ...(maximum < Infinity ? [wrong('more than the most', maximum + 1, 'max', 'type')] : []),
    ...excluded.map((value) => wrong(`${value}, which is excluded`, value, 'format')),
  ];
}

function wrongLists({ items = {}, minItems = 0, maxItems }: Schema): WrongValue[] {
  const good = items.format === 'uuid' ? '019ab6c2-7a10-7c3e-9a55-1f2d3c4b5a69' : 'a';
  return [
    ...(minItems > 0 ? [wrong('too few', [], 'min', 'required')] : []),
    ...(maxItems === undefined
      ? []
      : [
          wrong(
            'too many',
            Array.from({ length: maxItems + 1 }, (_, index) => (items.format ? good : `a${index}`)),
            'max',
          ),
        ]),
    ...wrongBodyValues(items, false)
      .filter(({ value }) => !Array.isArray(value))
      .map(({ label, value, codes }) => wrong(`an item: ${label}`, [good, value], ...codes, 'length', 'format')),
    wrong('an item: a list', [[good]], 'type'),
    wrong('an item: empty', [''], 'length', 'format'),
  ];
}

/** Texts of a query parameter that its schema excludes. */
export function wrongQueryValues({ anyOf, ...schema }: Schema): WrongValue[] {
  const [type] = typesOf(schema);
  const isUuid = schema.format === 'uuid' || anyOf?.some(({ format }) => format === 'uuid');
  return [
    ...(isUuid ? [...NO_UUIDS, '', ' '].map((text) => wrong(`no UUID: "${text}"`, text, 'format')) : []),
    ...(schema.enum
      ? ['nonsense', '', ...caseVariants(schema.enum)].map((text) => wrong(`no word: "${text}"`, text, 'enum'))
      : []),
    ...(type === 'boolean'
      ? ['yes', '1', '', 'TRUE', 'null'].map((text) => wrong(`no flag: "${text}"`, text, 'type'))
      : []),
    ...(type === 'integer' ? wrongNumberTexts(schema) : []),
    ...(schema.format === 'date-time' ? wrongTimes() : []),
    ...(schema.maxLength ? [wrong('too long', 'x'.repeat(schema.maxLength + 1), 'max')] : []),
    ...(schema.pattern?.includes('u001f')
      ? ['a\nb', 'a\u007fb'].map((text) => wrong(`control in ${JSON.stringify(text)}`, text, 'forbidden_characters'))
      : []),
    ...(schema.pattern?.includes(')(,(')
      ? ['nonsense', 'new,', ',', 'new;closed'].map((text) => wrong(`no list of words: ${text}`, text, 'enum', 'max'))
      : []),
    ...(schema.pattern?.startsWith('^\\d{4}-')
      ? ['2026', '2026-13', '2026-00', '2026-1', '2026-11-24', '', '٢٠٢٦-11'].map((text) =>
          wrong(`no month: "${text}"`, text, 'format'),
        )
      : []),
  ];
}

function wrongNumberTexts({ minimum = 0, maximum = 0 }: Schema): WrongValue[] {
  const noNumbers = ['x', '', ' ', '1.5', '1e1', '+1', '0x1', ' 1', '१', '99999999999999999999', 'NaN', 'Infinity'];
  return [
    ...noNumbers.map((text) => wrong(`no number: "${text}"`, text, 'type')),
    wrong('less than the least', String(minimum - 1), 'min'),
    wrong('more than the most', String(maximum + 1), 'max'),
  ];
}

function wrongTimes(): WrongValue[] {
  const texts = [
    'yesterday',
    '2026-02-31',
    '2026-02-31T00:00:00Z',
    '2026-13-01',
    '0000-01-01',
    '2026-11-24 09:30',
    '1764000000',
    '',
    '+275760-09-13T00:00:00Z',
    '2026-11-24T25:00:00Z',
  ];
  return texts.map((text) => wrong(`no time: "${text}"`, text, 'format'));
}

/** Values at the very bounds, which a field must take. */
export function boundaryValues(schema: Schema): unknown[] {
  const { minimum, maximum, maxLength, maxItems, items, enum: words, pattern } = schema;
  const texts =
    maxLength === undefined
      ? []
      : ['x', 'x'.repeat(maxLength), '😀'.repeat(Math.floor(maxLength / 2)), 'שלום e\u0301 👨‍👩‍👧'];
  const lines = pattern?.includes('u001f') || maxLength === undefined ? [] : ['line\nbreak\r\n\ttab'];
  const lists =
    maxItems === undefined || items?.format
      ? []
      : [[], Array.from({ length: maxItems }, (_, index) => `тег_${index}-x`)];
  return [...texts, ...lines, ...lists, ...(words ?? []), ...[minimum, maximum].filter((bound) => bound !== undefined)];
}
