import { checkOneLine, nearestName } from '#platform';
import type { FieldFault } from '#platform';

/** Longest name of a zone that is looked at, in UTF-16 code units. */
export const MAX_TIMEZONE_LENGTH = 64;

const checkName = checkOneLine({ max: MAX_TIMEZONE_LENGTH });

/** What is wrong with the name of a timezone; null for one of the IANA database. */
export function checkTimezone(value: unknown): FieldFault | null {
  const wrong = checkName(value);
  if (wrong || isTimezone(value as string)) {
    return wrong;
  }
  const meant = nearestName(value as string, Intl.supportedValuesOf('timeZone')) ?? 'Europe/Moscow';
  return { code: 'enum', message: `must be the IANA name of a timezone, such as ${meant}` };
}

function isTimezone(name: string): boolean {
  // An offset such as +03:00 is no zone: it knows nothing of summer time.
  if (!/^[A-Za-z]/.test(name)) {
    return false;
  }
  try {
    Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
