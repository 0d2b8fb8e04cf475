import { WEEKDAYS } from '../domain/business-hours';
import type { BusinessHours, TimeWindow } from '../domain/business-hours';
import type { WallTime } from './zone-clock';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** 1970-01-01 was a Thursday. */
const WEEKDAY_OF_DAY_ZERO = WEEKDAYS.indexOf('thu');

/** From when to when a day is worked, as milliseconds from its midnight; the end may lie on the next day. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/** Which times of which dates are worked, by the wall clock. Dates are numbered from 1970-01-01 = 0. */
export class WorkingDays {
  private readonly weekly: ReadonlyArray<readonly Span[]>;
  private readonly exceptions: ReadonlyMap<number, readonly Span[]>;

  constructor({ weekly, exceptions }: BusinessHours) {
    this.weekly = WEEKDAYS.map((weekday) => spansOf(weekly[weekday]));
    this.exceptions = new Map(
      exceptions.map(({ date, windows }) => [Date.parse(`${date}T00:00:00Z`) / DAY_MS, spansOf(windows)]),
    );
  }

  /** The windows that begin on a date, in their order. */
  windowsOf(day: number): ReadonlyArray<{ readonly from: WallTime; readonly to: WallTime }> {
    const weekday = (((day + WEEKDAY_OF_DAY_ZERO) % 7) + 7) % 7;
    const spans = this.exceptions.get(day) ?? this.weekly[weekday] ?? [];
    return spans.map(({ from, to }) => ({ from: day * DAY_MS + from, to: day * DAY_MS + to }));
  }
}

function spansOf(windows: readonly TimeWindow[]): Span[] {
  return windows
    .map(([start, end]) => {
      const [from, to] = [timeOfDay(start), timeOfDay(end)];
      return { from, to: to > from ? to : to + DAY_MS };
    })
    .toSorted((one, other) => one.from - other.from);
}

function timeOfDay(text: string): number {
  const [hours = 0, minutes = 0] = text.split(':').map(Number);
  return (hours * 60 + minutes) * MINUTE_MS;
}
