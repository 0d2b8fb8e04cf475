import type { FieldFault } from '#platform';
import { MAX_EXCEPTIONS, MAX_WINDOWS_A_DAY, WEEKDAYS } from './business-hours';
import type { BusinessException, BusinessHours, TimeWindow, Weekday } from './business-hours';
import { findOverlap } from './overlapping-windows';

const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;
const EXAMPLE = '{"weekly": {"mon": [["09:00", "18:00"]]}}';

type Given = Readonly<Record<string, unknown>>;

/** What is wrong with business hours as they are given, at its path within them; null when nothing is. */
export function checkBusinessHours(value: unknown): FieldFault | null {
  const wrong =
    checkObject(value, '', ['weekly', 'exceptions'], `such as ${EXAMPLE}, or null for always`) ??
    checkWeekly((value as Given)['weekly']) ??
    checkExceptions((value as Given)['exceptions']);
  return wrong ?? findOverlap(readBusinessHours(value));
}

/** Business hours that passed the check, with every weekday: one that is left out has no windows. */
export function readBusinessHours(value: unknown): BusinessHours {
  const { weekly, exceptions = [] } = value as {
    readonly weekly: Partial<Record<Weekday, readonly TimeWindow[]>>;
    readonly exceptions?: readonly BusinessException[];
  };
  return {
    weekly: Object.fromEntries(WEEKDAYS.map((day) => [day, weekly[day] ?? []])) as BusinessHours['weekly'],
    exceptions: exceptions.map(({ date, windows }) => ({ date, windows })),
  };
}

function checkWeekly(weekly: unknown): FieldFault | null {
  if (weekly === undefined) {
    return { code: 'required', message: `is required, such as in ${EXAMPLE}`, path: '.weekly' };
  }
  const wrong = checkObject(weekly, '.weekly', WEEKDAYS, 'with the windows of each weekday');
  if (wrong) {
    return wrong;
  }
  const days = Object.entries(weekly as Given);
  for (const [day, windows] of days) {
    const fault = checkWindows(windows, `.weekly.${day}`);
    if (fault) {
      return fault;
    }
  }
  const isOpen = days.some(([, windows]) => (windows as unknown[]).length > 0);
  return isOpen
    ? null
    : { code: 'min', message: 'must have a window on some day; null means always open', path: '.weekly' };
}

function checkExceptions(exceptions: unknown): FieldFault | null {
  if (exceptions === undefined) {
    return null;
  }
  const wrong = checkList(exceptions, '.exceptions', MAX_EXCEPTIONS, 'exceptions');
  if (wrong) {
    return wrong;
  }
  const dates = new Set<unknown>();
  for (const [index, exception] of (exceptions as unknown[]).entries()) {
    const path = `.exceptions[${index}]`;
    const fault = checkException(exception, path);
    if (fault) {
      return fault;
    }
    const { date } = exception as BusinessException;
    if (dates.has(date)) {
      return {
        code: 'duplicate',
        message: 'has an exception already: give all windows of a date at once',
        path: `${path}.date`,
      };
    }
    dates.add(date);
  }
  return null;
}

function checkException(exception: unknown, path: string): FieldFault | null {
  const wrong = checkObject(exception, path, ['date', 'windows'], 'such as {"date": "2027-01-01", "windows": []}');
  if (wrong) {
    return wrong;
  }
  const { date, windows } = exception as Given;
  if (date === undefined) {
    return { code: 'required', message: 'is required, such as "2027-01-01"', path: `${path}.date` };
  }
  if (typeof date !== 'string') {
    return { code: 'type', message: 'must be a date as a string, such as "2027-01-01"', path: `${path}.date` };
  }
  if (!isRealDate(date)) {
    return { code: 'format', message: 'must be a date of the calendar such as 2027-01-01', path: `${path}.date` };
  }
  return windows === undefined
    ? { code: 'required', message: 'is required; [] means closed on that date', path: `${path}.windows` }
    : checkWindows(windows, `${path}.windows`);
}

function checkWindows(windows: unknown, path: string): FieldFault | null {
  const wrong = checkList(windows, path, MAX_WINDOWS_A_DAY, 'windows');
  if (wrong) {
    return wrong;
  }
  for (const [index, window] of (windows as unknown[]).entries()) {
    const fault = checkWindow(window, `${path}[${index}]`);
    if (fault) {
      return fault;
    }
  }
  return null;
}

function checkWindow(window: unknown, path: string): FieldFault | null {
  if (!Array.isArray(window) || window.length !== 2 || !window.every((time) => typeof time === 'string')) {
    return { code: 'type', message: 'must be a start and an end, such as ["09:00", "18:00"]', path };
  }
  const wrong = window.findIndex((time) => !TIME.test(time as string));
  return wrong === -1
    ? null
    : { code: 'format', message: 'must be a time from 00:00 to 23:59, such as 09:30', path: `${path}[${wrong}]` };
}

function checkObject(value: unknown, path: string, known: readonly string[], words: string): FieldFault | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { code: 'type', message: `must be an object ${words}`, path };
  }
  const unknown = Object.keys(value).find((name) => !known.includes(name));
  return unknown === undefined
    ? null
    : {
        code: 'unknown_field',
        message: `is not known. Known are: ${known.join(', ')}`,
        path: `${path}.${unknown.slice(0, 64)}`,
      };
}

function checkList(value: unknown, path: string, max: number, things: string): FieldFault | null {
  if (!Array.isArray(value)) {
    return { code: 'type', message: `must be an array of ${things}`, path };
  }
  return value.length > max
    ? { code: 'max', message: `must have at most ${max} ${things}, has ${value.length}`, path }
    : null;
}

function isRealDate(text: string): boolean {
  if (!/^(?!0000)\d{4}-\d{2}-\d{2}$/.test(text)) {
    return false;
  }
  const day = new Date(`${text}T00:00:00Z`);
  // A date that does not exist is none, or rolls over into the next month.
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}
