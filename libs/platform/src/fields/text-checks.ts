import { fault } from './field-fault';
import type { FieldCheck, FieldFault } from './field-fault';

/** Bounds of a text in UTF-16 code units, the messengers' way of counting. */
export interface TextBounds {
  readonly max: number;
}

// C0, DEL and C1.
const CONTROL = /\p{Cc}/u;
const TAG = /^[\p{L}\p{M}\p{N}_-]+$/u;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const MONTH = /^(?!0000)\d{4}-(0[1-9]|1[0-2])$/;
// RFC 3339 with seconds, or a date alone.
const DATE_TIME = /^\d{4}-\d{2}-\d{2}(T([01]\d|2[0-3]):\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2}))?$/;

/** Whether a text is a UUID of any version. */
export function isUuid(value: unknown): value is string {
  return typeof value === 'string' && UUID.test(value);
}

function notText(value: unknown): FieldFault | null {
  return typeof value === 'string' ? null : fault('type', 'must be a string');
}

function tooLong(value: string, { max }: TextBounds): FieldFault | null {
  return value.length > max ? fault('max', `must have at most ${max} characters, has ${value.length}`) : null;
}

/** What Postgres cannot store as text. */
function notStorable(value: string): FieldFault | null {
  return value.includes('\u0000') || !value.isWellFormed()
    ? fault('forbidden_characters', 'must have no NUL character and no half of a surrogate pair')
    : null;
}

/** Text of any number of lines. */
export function checkText(bounds: TextBounds): FieldCheck {
  return (value) => notText(value) ?? tooLong(value as string, bounds) ?? notStorable(value as string);
}

/** Text of one line: no control characters. */
export function checkOneLine(bounds: TextBounds): FieldCheck {
  const check = checkText(bounds);
  return (value) =>
    check(value) ??
    (CONTROL.test(value as string)
      ? fault('forbidden_characters', 'must be one line without control characters')
      : null);
}

/** A word of a pattern; `words` say what it allows. */
export function checkMatching(pattern: RegExp, words: string): FieldCheck {
  return (value) =>
    notText(value) ?? notStorable(value as string) ?? (pattern.test(value as string) ? null : fault('format', words));
}

/** One of a fixed set of words. */
export function checkOneOf(values: readonly string[]): FieldCheck {
  return (value) =>
    notText(value) ?? (values.includes(value as string) ? null : fault('enum', `must be one of ${values.join(', ')}`));
}

/** An id. */
export const checkUuid: FieldCheck = (value) =>
  notText(value) ?? (isUuid(value) ? null : fault('format', 'must be a UUID'));

/** An id, or one of some words. */
export function checkUuidOr(words: readonly string[]): FieldCheck {
  return (value) =>
    notText(value) ??
    (isUuid(value) || words.includes(value as string)
      ? null
      : fault('format', `must be a UUID or ${words.join(', ')}`));
}

/** A tag: letters of any script, digits, `-` and `_`. */
export const checkTag: FieldCheck = (value) => {
  const wrong = notText(value);
  if (wrong) {
    return wrong;
  }
  const tag = value as string;
  if (tag.length < 1 || tag.length > 64) {
    return fault('length', 'must have 1 to 64 characters');
  }
  return TAG.test(tag) ? null : fault('format', 'may have letters, digits, - and _ only');
};

/** A month of the years 1 to 9999. */
export const checkMonth: FieldCheck = (value) =>
  notText(value) ?? (MONTH.test(value as string) ? null : fault('format', 'must be a month such as 2026-11'));

/** A time (RFC 3339) or a date, which means its midnight in UTC. */
export const checkDateTime: FieldCheck = (value) => {
  const wrong = notText(value);
  if (wrong) {
    return wrong;
  }
  const valid = DATE_TIME.test(value as string) && isRealDate(value as string);
  return valid ? null : fault('format', 'must be a time such as 2026-11-24T09:30:00Z, or a date such as 2026-11-24');
};

function isRealDate(text: string): boolean {
  const time = new Date(text);
  if (Number.isNaN(time.getTime()) || time.getUTCFullYear() < 1 || time.getUTCFullYear() > 9999) {
    return false;
  }
  // Date rolls the 31st of February over into March instead of refusing it.
  const day = new Date(`${text.slice(0, 10)}T00:00:00Z`);
  return day.toISOString().slice(0, 10) === text.slice(0, 10);
}
