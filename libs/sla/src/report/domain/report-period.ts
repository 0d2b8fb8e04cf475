import { fieldError } from '#contracts';
import { startOfLocalDay } from '#settings';

const SECOND_MS = 1_000;
const DAY_MS = 86_400_000;

/** How long a report without a beginning reaches back. */
const DEFAULT_DAYS = 30;

/** The longest period: a year, and a month to compare it with. */
export const MAX_REPORT_DAYS = 400;

/** Times that a report may be asked about: those of computers, in years of four digits. */
const EARLIEST = Date.parse('1970-01-01T00:00:00Z');
const LATEST = Date.parse('9999-01-01T00:00:00Z');

/** A moment, or a date (`YYYY-MM-DD`) of the project's zone. */
export type ReportBound = Date | string;

/** The period that was asked for. */
export interface AskedPeriod {
  readonly from?: ReportBound;
  readonly to?: ReportBound;
}

/**
 * From when (inclusive) to when (exclusive) a report counts. A date begins the period with its first moment and ends it with its
 * last one. Without an end it goes up to now, this very second included; without a beginning it has thirty days.
 * @throws {DomainError} `validation_failed` when it ends before it begins, or is longer than {@link MAX_REPORT_DAYS} days, or
 * lies before 1970 or after 9998.
 */
export function reportPeriod(
  asked: AskedPeriod,
  now: Date,
  timezone: string,
): { readonly from: Date; readonly to: Date } {
  const [given, end] = [boundOf('from', asked, timezone), boundOf('to', asked, timezone)];
  const to = end ?? endOfSecond(now);
  const from = given ?? new Date(to.getTime() - DEFAULT_DAYS * DAY_MS);
  if (from >= to) {
    throw asked.to === undefined
      ? fieldError('from', 'max', '`from` must be earlier than now, or come with a later `to`.')
      : fieldError(
          'to',
          'min',
          '`to` must be later than `from`; a date ends with its last moment, a time is not counted itself.',
        );
  }
  if (to.getTime() - from.getTime() > MAX_REPORT_DAYS * DAY_MS) {
    throw fieldError('from', 'min', `A period has ${MAX_REPORT_DAYS} days at most: ask for a longer one in parts.`);
  }
  return { from, to };
}

function boundOf(field: keyof AskedPeriod, asked: AskedPeriod, timezone: string): Date | undefined {
  const bound = asked[field];
  const at = typeof bound === 'string' ? startOfLocalDay(bound, timezone, field === 'to' ? 1 : 0) : bound;
  if (at !== undefined && (at.getTime() < EARLIEST || at.getTime() > LATEST)) {
    const code = at.getTime() < EARLIEST ? 'min' : 'max';
    throw fieldError(field, code, `\`${field}\` must lie in the years from 1970 to 9998.`);
  }
  return at;
}

function endOfSecond(at: Date): Date {
  return new Date((Math.floor(at.getTime() / SECOND_MS) + 1) * SECOND_MS);
}
