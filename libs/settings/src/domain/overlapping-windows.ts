import type { FieldFault } from '#platform';
import { WEEKDAYS } from './business-hours';
import type { BusinessHours, TimeWindow } from './business-hours';

const DAY_MINUTES = 24 * 60;
const WEEK_MINUTES = 7 * DAY_MINUTES;

/** A window on a line of minutes, with its place in the business hours and its rank among all of them. */
interface Span {
  readonly from: number;
  readonly to: number;
  readonly path: string;
  readonly words: string;
  readonly rank: number;
}

/**
 * The first window that overlaps an earlier one, on its own day or across midnight; null when none does. An exception's windows are
 * held against those of the days around it as they will be: by their own exceptions, or weekly.
 */
export function findOverlap(hours: BusinessHours): FieldFault | null {
  return findInWeek(hours) ?? findAtExceptions(hours);
}

function findInWeek({ weekly }: BusinessHours): FieldFault | null {
  const spans = WEEKDAYS.flatMap((day, index) =>
    spansOf(weekly[day], { at: index * DAY_MINUTES, path: `.weekly.${day}`, day, rank: index }),
  );
  const [first] = spans.toSorted((a, b) => a.from - b.from);
  // The week is a ring: what begins on Monday comes after Sunday's windows as well.
  const again = first ? [{ ...first, from: first.from + WEEK_MINUTES, to: first.to + WEEK_MINUTES }] : [];
  return overlapAmong([...spans, ...again]);
}

function findAtExceptions({ weekly, exceptions }: BusinessHours): FieldFault | null {
  const byDate = new Map(exceptions.map((exception, index) => [exception.date, { ...exception, index }]));
  const spansAt = (date: string, at: number, rank: number): Span[] => {
    const exception = byDate.get(date);
    const day = WEEKDAYS[weekdayOf(date)] ?? 'mon';
    return exception
      ? spansOf(exception.windows, { at, path: `.exceptions[${exception.index}].windows`, day: date, rank })
      : spansOf(weekly[day], { at, path: `.weekly.${day}`, day, rank });
  };
  for (const { date } of exceptions) {
    // The exception ranks last, so that it is the one to be named.
    const around = [...spansAt(shifted(date, -1), 0, 0), ...spansAt(shifted(date, 1), 2 * DAY_MINUTES, 1)];
    const wrong = overlapAmong([...around, ...spansAt(date, DAY_MINUTES, 2)]);
    if (wrong) {
      return wrong;
    }
  }
  return null;
}

interface DayOfWindows {
  /** Minute of the line at which the day begins. */
  readonly at: number;
  readonly path: string;
  readonly day: string;
  readonly rank: number;
}

function spansOf(windows: readonly TimeWindow[], { at, path, day, rank }: DayOfWindows): Span[] {
  return windows.map(([start, end], index) => {
    const [from, until] = [minuteOf(start), minuteOf(end)];
    return {
      from: at + from,
      to: at + (until > from ? until : until + DAY_MINUTES),
      path: `${path}[${index}]`,
      words: `${start} to ${end} of ${day}`,
      rank: rank * 1_000 + index,
    };
  });
}

/** Spans that do not overlap their next ones in time overlap none. */
function overlapAmong(spans: readonly Span[]): FieldFault | null {
  const inTime = spans.toSorted((a, b) => a.from - b.from);
  for (const [index, span] of inTime.entries()) {
    const next = inTime[index + 1];
    if (next && next.from < span.to) {
      const [earlier, later] = span.rank < next.rank ? [span, next] : [next, span];
      return { code: 'duplicate', message: `overlaps the window from ${earlier.words}`, path: later.path };
    }
  }
  return null;
}

function minuteOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}

/** 0 for Monday. */
function weekdayOf(date: string): number {
  return (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7;
}

function shifted(date: string, days: number): string {
  const day = new Date(`${date}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() + days);
  return day.toISOString().slice(0, 10);
}
