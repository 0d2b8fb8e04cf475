import type { NumberBounds } from './value-checks';
import { checkChatId, checkFlag, checkList, checkOneNumberOf, checkWholeNumber } from './value-checks';
import { declareField } from './declare-field';
import type { FieldKind, FieldOptions } from './declare-field';
import {
  checkDateTime,
  checkMatching,
  checkMonth,
  checkOneLine,
  checkOneOf,
  checkTag,
  checkText,
  checkUuid,
  checkUuidOr,
} from './text-checks';

interface TextOptions extends FieldOptions {
  /** Most UTF-16 code units. */
  readonly max: number;
}

/** The document's words for a text that is not blank, one without control characters, and one that is both. */
const NOT_BLANK = { minLength: 1, pattern: '\\S' };
const ONE_LINE = { pattern: '^[^\\u0000-\\u001f\\u007f-\\u009f]*$' };
const ONE_LINE_NOT_BLANK = { minLength: 1, pattern: '^(?=.*\\S)[^\\u0000-\\u001f\\u007f-\\u009f]*$' };

const DATE = /^\d{4}-\d{2}-\d{2}$/;

const parseFlag = (text: string): unknown => (text === 'true' ? true : text === 'false' ? false : text);
const lowerCase = (value: unknown): unknown => (value as string).toLowerCase();

/** Text of any number of lines, kept as it is given; a required one must not be blank. */
export function Text(options: TextOptions): PropertyDecorator {
  const schema = { type: String, ...(options.required && NOT_BLANK), maxLength: options.max };
  return declareField({ check: checkText(options), schema, blankIsNull: !options.required }, options);
}

/** Text of one line; an optional one that is blank counts as null. */
export function OneLine(options: TextOptions): PropertyDecorator {
  const schema = { type: String, ...(options.required ? ONE_LINE_NOT_BLANK : ONE_LINE), maxLength: options.max };
  return declareField({ check: checkOneLine(options), schema, blankIsNull: !options.required }, options);
}

/** A word whose meaning another field decides: text of one line that is never taken for null, blank or not. */
export function Word(options: TextOptions): PropertyDecorator {
  const schema = { type: String, ...ONE_LINE, maxLength: options.max };
  return declareField({ check: checkOneLine(options), schema }, options);
}

/** A word of a pattern; an optional one that is blank counts as null. `words` say what the pattern allows: "must have …". */
export function Matching(pattern: RegExp, options: FieldOptions & { readonly words: string }): PropertyDecorator {
  const schema = { type: String, pattern: pattern.source };
  return declareField(
    { check: checkMatching(pattern, options.words), schema, blankIsNull: !options.required },
    options,
  );
}

/** One of a fixed set of words. */
export function OneOf(values: readonly string[], options: FieldOptions): PropertyDecorator {
  return declareField({ check: checkOneOf(values), schema: { type: String, enum: [...values] } }, options);
}

/** A query parameter that lists words of a fixed set, separated by commas. */
export function CommaListOf(values: readonly string[], options: FieldOptions): PropertyDecorator {
  const check = checkList({ min: 1, max: values.length, item: checkOneOf(values) });
  const pattern = `^(${values.join('|')})(,(${values.join('|')}))*$`;
  return declareField(
    {
      check,
      parse: (text) => [...new Set(text.split(','))],
      schema: { type: String, pattern },
    },
    options,
  );
}

/** An id, read in lower case. */
export function Uuid(options: FieldOptions): PropertyDecorator {
  return declareField({ check: checkUuid, read: lowerCase, schema: { type: String, format: 'uuid' } }, options);
}

/** An id or one of some words. */
export function UuidOr(words: readonly string[], options: FieldOptions): PropertyDecorator {
  const schema = {
    anyOf: [
      { type: 'string', format: 'uuid' },
      { type: 'string', enum: [...words] },
    ],
  };
  return declareField({ check: checkUuidOr(words), read: lowerCase, schema }, options);
}

/** A list of ids, read in lower case. */
export function UuidList(options: FieldOptions & { readonly min: number; readonly max: number }): PropertyDecorator {
  const { min, max } = options;
  return declareField(
    {
      check: checkList({ min, max, item: checkUuid }),
      read: (value) => (value as string[]).map((id) => id.toLowerCase()),
      schema: { type: 'array', items: { type: 'string', format: 'uuid' }, minItems: min, maxItems: max },
    },
    options,
  );
}

/** A list of tags. */
export function TagList(options: FieldOptions & { readonly max: number }): PropertyDecorator {
  const { max } = options;
  const items = { type: 'string', minLength: 1, maxLength: 64, pattern: '^[\\p{L}\\p{M}\\p{N}_-]+$' };
  return declareField(
    { check: checkList({ min: 0, max, item: checkTag }), schema: { type: 'array', items, maxItems: max } },
    options,
  );
}

/** True or false. */
export function Flag(options: FieldOptions): PropertyDecorator {
  return declareField({ check: checkFlag, parse: parseFlag, schema: { type: Boolean } }, options);
}

/** A whole number. */
export function WholeNumber(options: FieldOptions & NumberBounds & { readonly default?: number }): PropertyDecorator {
  const { min, max, default: fallback } = options;
  return declareField(
    {
      check: checkWholeNumber(options),
      parse: (text) => (/^-?\d{1,16}$/.test(text) ? Number(text) : text),
      schema: { type: 'integer', minimum: min, maximum: max, ...(fallback !== undefined && { default: fallback }) },
    },
    options,
  );
}

/** One of a fixed set of whole numbers. */
export function OneNumberOf(values: readonly number[], options: FieldOptions): PropertyDecorator {
  return declareField({ check: checkOneNumberOf(values), schema: { type: 'integer', enum: [...values] } }, options);
}

/**
 * A value with parts of its own, which its domain judges: `check` names a faulty part by the fault's path, `read` brings a value
 * that passed into the form in which it is kept, `schema` describes both.
 */
export function Structured(
  kind: Pick<FieldKind, 'check' | 'read' | 'schema'>,
  options: FieldOptions,
): PropertyDecorator {
  return declareField(kind, options);
}

/** A messenger's chat. */
export function ChatId(options: FieldOptions): PropertyDecorator {
  const limit = Number.MAX_SAFE_INTEGER;
  const schema = { type: 'integer' as const, minimum: -limit, maximum: limit, not: { enum: [0] } };
  return declareField({ check: checkChatId, schema }, options);
}

/** A time (RFC 3339), or a date for its midnight in UTC; read as a Date. */
export function DateTime(options: FieldOptions): PropertyDecorator {
  return declareField(
    { check: checkDateTime, read: (value) => new Date(value as string), schema: { type: String, format: 'date-time' } },
    options,
  );
}

/** A time (RFC 3339) or a date, as text: which moments a date has depends on the project's zone. See {@link readDateOrTime}. */
export function DateOrTime(options: FieldOptions): PropertyDecorator {
  const schema = {
    anyOf: [
      { type: 'string', format: 'date' },
      { type: 'string', format: 'date-time' },
    ],
  };
  return declareField({ check: checkDateTime, schema }, options);
}

/** The value of a {@link DateOrTime}: a moment, or a date as `YYYY-MM-DD`. */
export function readDateOrTime(text: string): Date | string {
  return DATE.test(text) ? text : new Date(text);
}

/** A month as `YYYY-MM`. */
export function Month(options: FieldOptions): PropertyDecorator {
  return declareField({ check: checkMonth, schema: { type: String, pattern: '^\\d{4}-(0[1-9]|1[0-2])$' } }, options);
}
