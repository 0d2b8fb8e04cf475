import type { BusinessHours } from '../domain/business-hours';
import { WorkingDays } from './working-days';
import type { ZoneClock } from './zone-clock';

const DAY_MS = 86_400_000;

/** How far ahead working time is looked for: a hundred years. */
const HORIZON_DAYS = 36_525;

/** Days before an instant whose windows may still reach it: offsets and windows over midnight. */
const REACH_DAYS = 3;

/** Least days by which the beginning is set back beyond what was asked for. */
const SET_BACK_DAYS = 30;

/**
 * The working time of a calendar laid out on the time line: its windows as instants, with the work before each. Days are added as
 * they are asked for, and a question then costs a binary search. All in milliseconds.
 */
export class WorkingTime {
  private readonly days: WorkingDays;
  private starts: number[] = [];
  private ends: number[] = [];
  private workedBefore: number[] = [];
  private firstDay = 0;
  private nextDay = 0;

  constructor(
    businessHours: BusinessHours,
    private readonly clock: ZoneClock,
  ) {
    this.days = new WorkingDays(businessHours);
  }

  /** The work between two instants, the second one not before the first. */
  between(from: number, to: number): number {
    this.layOutFrom(from);
    this.layOutTo(to);
    return this.workedUntil(to) - this.workedUntil(from);
  }

  /** The first instant with `work` done since `from`; null when that takes more than a hundred years. */
  after(from: number, work: number): number | null {
    this.layOutFrom(from);
    this.layOutTo(from);
    const target = this.workedUntil(from) + work;
    const lastDay = Math.floor(from / DAY_MS) + HORIZON_DAYS;
    while (this.total < target && this.nextDay <= lastDay) {
      this.addDay();
    }
    if (this.total < target) {
      return null;
    }
    // The last window that begins with less work done than wanted is where the rest of it is done.
    const index = lastBelow(this.workedBefore, target);
    return (this.starts[index] as number) + target - (this.workedBefore[index] as number);
  }

  /** The work of all days that are laid out. */
  private get total(): number {
    const last = this.starts.length - 1;
    return last < 0
      ? 0
      : (this.workedBefore[last] as number) + (this.ends[last] as number) - (this.starts[last] as number);
  }

  private workedUntil(instant: number): number {
    const index = lastBelow(this.starts, instant);
    if (index < 0) {
      return 0;
    }
    const end = Math.min(instant, this.ends[index] as number);
    return (this.workedBefore[index] as number) + end - (this.starts[index] as number);
  }

  private layOutFrom(instant: number): void {
    const day = Math.floor(instant / DAY_MS) - REACH_DAYS;
    if (this.nextDay === this.firstDay || day < this.firstDay) {
      // By as much again as there is, so that going back further and further lays out little twice.
      this.firstDay = day - Math.max(SET_BACK_DAYS, this.nextDay - this.firstDay);
      this.nextDay = this.firstDay;
      this.starts = [];
      this.ends = [];
      this.workedBefore = [];
    }
  }

  private layOutTo(instant: number): void {
    const day = Math.floor(instant / DAY_MS) + REACH_DAYS;
    while (this.nextDay <= day) {
      this.addDay();
    }
  }

  /** Where windows overlap, the later one begins when the earlier one ends: nobody works twice at a time. */
  private addDay(): void {
    for (const { from, to } of this.days.windowsOf(this.nextDay++)) {
      const start = Math.max(this.clock.firstShowing(from), this.ends.at(-1) ?? -Infinity);
      const end = this.clock.firstShowing(to);
      if (end > start) {
        this.workedBefore.push(this.total);
        this.starts.push(start);
        this.ends.push(end);
      }
    }
  }
}

/** The last index whose value is below `limit` in a rising list; -1 when there is none. */
function lastBelow(values: readonly number[], limit: number): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[middle] as number) < limit) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low - 1;
}
