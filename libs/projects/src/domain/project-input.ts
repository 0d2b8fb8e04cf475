import { fieldError } from '#contracts';
import { checkOneLine } from '#platform';
import { SLUG_PATTERN } from './slug';

const MAX_NAME = 100;
const MAX_EMAIL = 254;

/** Largest quota and limit: what a Postgres integer holds. */
const MAX_COUNT = 2_147_483_647;

/** One `@` with something on both sides, and a host of dotted labels; whether it exists, only a letter can tell. */
const EMAIL =
  /^[^\s@"(),:;<>[\]\\]{1,64}@[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?(?:\.[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?)*$/u;

/**
 * The name of a project or a person: one line of 1 to 100 characters.
 * @throws {DomainError} `validation_failed`.
 */
export function checkedName(name: string): string {
  return checkedLine('name', name, MAX_NAME);
}

/**
 * A project's slug as given.
 * @throws {DomainError} `validation_failed`.
 */
export function checkedSlug(slug: string): string {
  if (!SLUG_PATTERN.test(slug)) {
    throw fieldError('slug', 'format', 'slug must have 2 to 40 characters of a-z, 0-9 and -.');
  }
  return slug;
}

/**
 * An e-mail address as given; addresses that differ only in case are one.
 * @throws {DomainError} `validation_failed`.
 */
export function checkedEmail(email: string): string {
  if (!EMAIL.test(checkedLine('email', email, MAX_EMAIL))) {
    throw fieldError('email', 'format', 'email must be an address such as ann@example.com.');
  }
  return email;
}

/**
 * A quota or limit: a whole number from 0, or null for none of its own.
 * @throws {DomainError} `validation_failed`.
 */
export function checkedCount(field: string, count: number | null): number | null {
  if (count === null) {
    return null;
  }
  if (!Number.isInteger(count)) {
    throw fieldError(field, 'type', `${field} must be a whole number.`);
  }
  if (count < 0) {
    throw fieldError(field, 'min', `${field} must be at least 0.`);
  }
  if (count > MAX_COUNT) {
    throw fieldError(field, 'max', `${field} must be at most ${MAX_COUNT}.`);
  }
  return count;
}

function checkedLine(field: string, text: string, max: number): string {
  if (text.trim() === '') {
    throw fieldError(field, 'required', `${field} must not be blank.`);
  }
  const wrong = checkOneLine({ max })(text);
  if (wrong) {
    throw fieldError(field, wrong.code, `${field} ${wrong.message}.`);
  }
  return text;
}
