import { zoneClock } from './zone-clock';

const DAY_MS = 86_400_000;

/** A date of some zone, as the instants between which its clock shows it. */
export interface LocalDay {
  /** `YYYY-MM-DD`. */
  readonly date: string;
  readonly startsAt: Date;
  /** The start of the next one. */
  readonly endsAt: Date;
}

/**
 * The dates that a zone's clock shows between two instants, in their order; a date that it skips is not among them.
 * @throws {RangeError} for a zone that the runtime does not know.
 */
export function localDays(from: Date, to: Date, timezone: string): LocalDay[] {
  const clock = zoneClock(timezone);
  const startOf = (day: number): Date => new Date(clock.firstShowing(day * DAY_MS));
  const days: LocalDay[] = [];
  // No clock is a whole day away from that of UTC.
  let day = Math.floor(from.getTime() / DAY_MS) - 1;
  for (let startsAt = startOf(day); startsAt < to; day++) {
    const endsAt = startOf(day + 1);
    if (startsAt < endsAt && from < endsAt) {
      days.push({ date: dateOf(day), startsAt, endsAt });
    }
    startsAt = endsAt;
  }
  return days;
}

/**
 * The first instant of a date (`YYYY-MM-DD`), or of the first one after it where the zone skips it; with `later`, of so many dates
 * after it.
 * @throws {RangeError} for a zone that the runtime does not know.
 */
export function startOfLocalDay(date: string, timezone: string, later = 0): Date {
  return new Date(zoneClock(timezone).firstShowing(Date.parse(`${date}T00:00:00Z`) + later * DAY_MS));
}

function dateOf(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}
