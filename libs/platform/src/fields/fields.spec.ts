import 'reflect-metadata';
import { DomainError } from '#contracts';
import { DtoPipe } from './dto.pipe';
import {
  ChatId,
  CommaListOf,
  DateTime,
  Flag,
  Month,
  OneLine,
  OneOf,
  TagList,
  Text,
  Uuid,
  UuidList,
  UuidOr,
  WholeNumber,
  Word,
} from './fields';

const ID = '019ab6c2-7a10-7c3e-9a55-1f2d3c4b5a69';
const about = (example: unknown) => ({ description: 'A field.', example });

class EveryKind {
  @Text({ ...about('a'), max: 10 }) readonly text?: string;
  @Text({ ...about('a'), max: 10, required: true }) readonly required_text!: string;
  @Text({ ...about('a'), max: 10, nullable: true }) readonly nullable_text?: string | null;
  @OneLine({ ...about('a'), max: 10, nullable: true }) readonly one_line?: string | null;
  @Word({ ...about('a'), max: 10 }) readonly word?: string;
  @OneOf(['low', 'high'], about('low')) readonly one_of?: string;
  @CommaListOf(['new', 'closed'], about('new,closed')) readonly comma_list?: readonly string[];
  @Uuid({ ...about(ID), nullable: true }) readonly uuid?: string | null;
  @UuidOr(['none'], about('none')) readonly uuid_or?: string;
  @UuidList({ ...about([ID]), min: 1, max: 3 }) readonly uuid_list?: readonly string[];
  @TagList({ ...about(['a']), max: 3 }) readonly tags?: readonly string[];
  @Flag(about(true)) readonly flag?: boolean;
  @WholeNumber({ ...about(1), min: 1, max: 100, default: 50 }) readonly number: number = 50;
  @ChatId(about(1)) readonly chat_id?: number;
  @DateTime(about('2026-11-24T09:30:00Z')) readonly time?: Date;
  @Month(about('2026-11')) readonly month?: string;
}

class Derived extends EveryKind {
  @Flag({ ...about(true), required: true, nullable: true }) readonly own!: boolean | null;
}

const pipe = new DtoPipe();
const read = (type: 'body' | 'query', value: unknown, metatype: unknown = EveryKind) =>
  pipe.transform(value, { type, metatype: metatype as new () => object }) as Record<string, unknown>;

/** What becomes of one field of a body that is fine otherwise. */
const inBody = (field: string, value: unknown): unknown => read('body', { required_text: 'x', [field]: value })[field];
const inQuery = (field: string, text: unknown): unknown => read('query', { required_text: 'x', [field]: text })[field];

function faultOf(work: () => unknown): unknown {
  try {
    return { accepted: work() };
  } catch (error) {
    return error instanceof DomainError && error.details?.length === 1 ? error.details[0]?.code : error;
  }
}

describe('a field of a body', () => {
  it.each<[string, unknown, unknown]>([
    ['text', 'a\nb\r\n\t👋', 'a\nb\r\n\t👋'],
    ['text', ' kept ', ' kept '],
    ['text', 'x'.repeat(10), 'x'.repeat(10)],
    ['text', '👋'.repeat(5), '👋'.repeat(5)],
    ['nullable_text', null, null],
    ['nullable_text', '', null],
    ['nullable_text', ' \n\t\u00a0\u3000', null],
    ['one_line', 'שלום é', 'שלום é'],
    ['one_line', '  ', null],
    ['word', '  ', '  '],
    ['word', '', ''],
    ['one_of', 'low', 'low'],
    ['uuid', ID, ID],
    ['uuid', ID.toUpperCase(), ID],
    ['uuid', null, null],
    ['uuid_or', 'none', 'none'],
    ['uuid_or', ID.toUpperCase(), ID],
    ['uuid_list', [ID.toUpperCase()], [ID]],
    ['tags', [], []],
    ['tags', ['VIP', 'оплата_1', 'e\u0301-2'], ['VIP', 'оплата_1', 'e\u0301-2']],
    ['flag', false, false],
    ['number', 1, 1],
    ['number', 100, 100],
    ['chat_id', -9_007_199_254_740_991, -9_007_199_254_740_991],
    ['time', '2026-11-24T09:30:00Z', new Date('2026-11-24T09:30:00Z')],
    ['time', '2026-11-24T09:30:00.123456789+05:30', new Date('2026-11-24T04:00:00.123Z')],
    ['time', '2026-11-24', new Date('2026-11-24T00:00:00Z')],
    ['time', '2024-02-29', new Date('2024-02-29T00:00:00Z')],
    ['month', '2026-01', '2026-01'],
  ])('%s reads %j as %j', (field, value, expected) => {
    expect(inBody(field, value)).toEqual(expected);
  });

  it.each<[string, unknown, string]>([
    ['text', 'x'.repeat(11), 'max'],
    ['text', '👋'.repeat(6), 'max'],
    ['text', 1, 'type'],
    ['text', ['x'], 'type'],
    ['text', null, 'type'],
    ['text', 'a\u0000', 'forbidden_characters'],
    ['text', 'a\ud83d', 'forbidden_characters'],
    ['required_text', undefined, 'required'],
    ['required_text', null, 'required'],
    ['required_text', '', 'required'],
    ['required_text', ' \u2003\n', 'required'],
    ['required_text', false, 'type'],
    ['one_line', 'a\nb', 'forbidden_characters'],
    ['one_line', 'a\u007f', 'forbidden_characters'],
    ['one_line', 'a\u0085b', 'forbidden_characters'],
    ['one_line', 'a\ude00', 'forbidden_characters'],
    ['one_line', 'x'.repeat(11), 'max'],
    ['word', 'a\tb', 'forbidden_characters'],
    ['one_of', 'Low', 'enum'],
    ['one_of', '', 'enum'],
    ['one_of', 'constructor', 'enum'],
    ['one_of', 0, 'type'],
    ['one_of', null, 'type'],
    ['uuid', '', 'format'],
    ['uuid', ID.replaceAll('-', ''), 'format'],
    ['uuid', `{${ID}}`, 'format'],
    ['uuid', `${ID}\n`, 'format'],
    ['uuid', 7, 'type'],
    ['uuid_or', 'None', 'format'],
    ['uuid_list', [], 'min'],
    ['uuid_list', [ID, ID, ID, ID], 'max'],
    ['uuid_list', [ID, 'x'], 'format'],
    ['uuid_list', [null], 'type'],
    ['uuid_list', ID, 'type'],
    ['uuid_list', { 0: ID, length: 1 }, 'type'],
    ['tags', ['a', 'b', 'c', 'd'], 'max'],
    ['tags', [''], 'length'],
    ['tags', ['x'.repeat(65)], 'length'],
    ['tags', ['two words'], 'format'],
    ['tags', ['a,b'], 'format'],
    ['tags', 'a', 'type'],
    ['flag', 'true', 'type'],
    ['flag', 1, 'type'],
    ['flag', null, 'type'],
    ['number', 0, 'min'],
    ['number', 101, 'max'],
    ['number', 1.5, 'type'],
    ['number', '1', 'type'],
    ['number', Number.POSITIVE_INFINITY, 'type'],
    ['number', 1e308, 'max'],
    ['number', true, 'type'],
    ['chat_id', 0, 'format'],
    ['chat_id', 9_007_199_254_740_992, 'max'],
    ['chat_id', '1', 'type'],
    ['time', 'yesterday', 'format'],
    ['time', '2026-02-30', 'format'],
    ['time', '2026-02-30T00:00:00Z', 'format'],
    ['time', '2026-11-24T25:00:00Z', 'format'],
    ['time', '2026-11-24T24:00:00Z', 'format'],
    ['time', '2026-11-24T09:30:00', 'format'],
    ['time', '2026-11-24 09:30:00Z', 'format'],
    ['time', '2026-11-24T09:30:00+99:00', 'format'],
    ['time', '0000-01-01', 'format'],
    ['time', '9999-12-31T23:59:59-23:59', 'format'],
    ['time', '+012026-01-01', 'format'],
    ['time', 1_700_000_000, 'type'],
    ['month', '2026-13', 'format'],
    ['month', '2026-1', 'format'],
    ['month', '0000-01', 'format'],
  ])('%s refuses %j: %s', (field, value, code) => {
    expect(faultOf(() => inBody(field, value))).toBe(code);
  });

  it('that is left out keeps its default, and is absent without one', () => {
    const dto = read('body', { required_text: 'x' });
    expect(dto).toBeInstanceOf(EveryKind);
    expect(JSON.parse(JSON.stringify(dto))).toEqual({ required_text: 'x', number: 50 });
  });

  it('that is required may be null where null means something', () => {
    const given = { required_text: 'x', own: null };
    expect(read('body', given, Derived)['own']).toBeNull();
    expect(faultOf(() => read('body', { required_text: 'x' }, Derived))).toBe('required');
  });
});

describe('a query parameter', () => {
  it.each<[string, string, unknown]>([
    ['text', 'a b', 'a b'],
    ['text', '  ', undefined],
    ['comma_list', 'new', ['new']],
    ['comma_list', 'closed,new,closed', ['closed', 'new']],
    ['uuid_or', 'none', 'none'],
    ['flag', 'true', true],
    ['flag', 'false', false],
    ['number', '7', 7],
    ['time', '2026-11-24T09:30:00+03:00', new Date('2026-11-24T06:30:00Z')],
    ['month', '2026-11', '2026-11'],
  ])('%s reads %j', (field, text, expected) => {
    expect(inQuery(field, text)).toEqual(expected);
  });

  it.each<[string, unknown, string]>([
    ['comma_list', '', 'enum'],
    ['comma_list', 'new,', 'enum'],
    ['comma_list', 'new, closed', 'enum'],
    ['comma_list', 'open', 'enum'],
    ['flag', '1', 'type'],
    ['flag', 'True', 'type'],
    ['flag', '', 'type'],
    ['number', '', 'type'],
    ['number', '1.0', 'type'],
    ['number', '1e1', 'type'],
    ['number', '0x10', 'type'],
    ['number', ' 7', 'type'],
    ['number', '-1', 'min'],
    ['number', '99999999999999999999', 'type'],
    ['number', ['1', '2'], 'type'],
    ['text', ['a', 'b'], 'type'],
    ['text', 'a\u0000', 'forbidden_characters'],
    ['required_text', '', 'required'],
    ['time', '2026-11-24T09:30:00 03:00', 'format'],
  ])('%s refuses %j: %s', (field, text, code) => {
    expect(faultOf(() => inQuery(field, text))).toBe(code);
  });
});

const detailsOf = (type: 'body' | 'query', value: unknown): readonly unknown[] => {
  try {
    return [read(type, value)];
  } catch (error) {
    return (error as DomainError).details ?? [error];
  }
};

describe('what has no field', () => {
  it.each([
    ['txet', 'Did you mean text?'],
    ['ONE_LINE', 'Did you mean one_line?'],
    ['requiredText', 'Did you mean required_text?'],
    ['zzzzzzzz', 'Known are: text, required_text,'],
    ['toString', 'Known are:'],
    ['hasOwnProperty', 'Known are:'],
  ])('%s is refused, and a near name is offered', (name, hint) => {
    expect(detailsOf('body', { required_text: 'x', [name]: 1 })).toEqual([
      { field: name, code: 'unknown_field', message: expect.stringContaining(hint) },
    ]);
  });

  it('is refused in a query as well', () => {
    expect(detailsOf('query', { required_text: 'x', statu: 'new' })).toEqual([
      { field: 'statu', code: 'unknown_field', message: expect.stringContaining('no query parameter statu') },
    ]);
  });

  it('is named together with every other fault, and shortened', () => {
    const details = detailsOf('body', { ['x'.repeat(500)]: 1, flag: 'no', number: 0 });
    expect(details).toMatchObject([
      { field: 'x'.repeat(64), code: 'unknown_field' },
      { field: 'required_text', code: 'required' },
      { field: 'flag', code: 'type' },
      { field: 'number', code: 'min' },
    ]);
  });

  it('is named twenty times at most', () => {
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`unknown_${i}`, 1]));
    expect(detailsOf('body', { required_text: 'x', ...many })).toHaveLength(20);
  });
});

describe('a body', () => {
  it.each([null, [], 'text', 1, true])('that is %j is no object, and refused', (body) => {
    expect(() => read('body', body)).toThrow('must be a JSON object');
  });

  it('that is missing counts as empty', () => {
    expect(faultOf(() => read('body', undefined))).toBe('required');
  });

  it('says its first fault in its sentence, and how many more there are', () => {
    expect(() => read('body', { required_text: 'x', flag: 1, number: 0, month: '' })).toThrow(
      'flag must be true or false. And 2 more: see details.',
    );
  });

  it('of a class without fields is left alone', () => {
    const value = { anything: 1 };
    expect(pipe.transform(value, { type: 'body', metatype: Object })).toBe(value);
    expect(pipe.transform('id', { type: 'param', metatype: String })).toBe('id');
  });

  it('has the fields of the parent class too, which does not get those of the child', () => {
    expect(faultOf(() => read('body', { required_text: 'x', own: true }))).toBe('unknown_field');
    expect(read('body', { required_text: 'x', own: true, flag: true }, Derived)).toMatchObject({
      own: true,
      flag: true,
    });
  });
});
