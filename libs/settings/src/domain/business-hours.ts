/** Days of a week, in its order. */
export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/**
 * A span of a day as `HH:MM` from 00:00 to 23:59: open from the first on, closed from the second on. An end that is not after the
 * start lies on the next day, so `["00:00", "00:00"]` is a whole day.
 */
export type TimeWindow = readonly [start: string, end: string];

/** A date whose windows replace those of its weekday: all that begin on that date. */
export interface BusinessException {
  /** `YYYY-MM-DD`. */
  readonly date: string;
  /** None: closed. */
  readonly windows: readonly TimeWindow[];
}

/**
 * When a project works, in its timezone. Windows never overlap, across midnight neither, and some weekday has one; neither they nor
 * the exceptions are in any order. A date has one exception at most.
 */
export interface BusinessHours {
  readonly weekly: Readonly<Record<Weekday, readonly TimeWindow[]>>;
  readonly exceptions: readonly BusinessException[];
}

/** Most windows of one day. */
export const MAX_WINDOWS_A_DAY = 12;

/** Most exceptions of a project. */
export const MAX_EXCEPTIONS = 400;
