const SECOND_MS = 1_000;
const DAY_MS = 86_400_000;

/** Offsets that are remembered of one zone: a hundred years of days, and some. */
const MAX_REMEMBERED = 50_000;

/** A wall-clock time as the milliseconds that it would be in UTC. */
export type WallTime = number;

/** The wall clock of an IANA zone, which is put forward and back now and then. */
export class ZoneClock {
  private readonly format: Intl.DateTimeFormat;
  private readonly midnightOffsets = new Map<number, number>();

  /** @throws {RangeError} for a zone that the runtime does not know. */
  constructor(timezone: string) {
    this.format = new Intl.DateTimeFormat('en-US', {
      timeZone: timezone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  }

  /**
   * The first instant at which the clock shows `wall` or later, in milliseconds. A time that the clock skips in spring is the
   * moment of the skip; of a time that it shows twice in autumn the first is meant.
   */
  firstShowing(wall: WallTime): number {
    // Every offset is well below a day, so the answer lies between these midnights of UTC.
    const day = Math.floor(wall / DAY_MS);
    for (let before = day - 1; before < day + 2; before++) {
      const [old, next] = [this.offsetAtMidnight(before), this.offsetAtMidnight(before + 1)];
      if (old !== next) {
        const change = this.changeBetween(before * DAY_MS, (before + 1) * DAY_MS);
        return wall - old < change ? wall - old : Math.max(change, wall - next);
      }
    }
    return wall - this.offsetAtMidnight(day);
  }

  /** How far the clock is ahead of UTC at an instant, in milliseconds. */
  private offsetAt(instant: number): number {
    const fields = this.format.format(instant).match(/\d+/g) ?? [];
    const [month = 1, day = 1, year = 1970, hour = 0, minute = 0, second = 0] = fields.map(Number);
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(instant / SECOND_MS) * SECOND_MS;
  }

  private offsetAtMidnight(day: number): number {
    let offset = this.midnightOffsets.get(day);
    if (offset === undefined) {
      offset = this.offsetAt(day * DAY_MS);
      if (this.midnightOffsets.size >= MAX_REMEMBERED) {
        this.midnightOffsets.clear();
      }
      this.midnightOffsets.set(day, offset);
    }
    return offset;
  }

  /** The instant of the one change of offset between two instants. */
  private changeBetween(from: number, to: number): number {
    const old = this.offsetAt(from);
    let [before, after] = [from, to];
    while (after - before > SECOND_MS) {
      const middle = before + Math.floor((after - before) / (2 * SECOND_MS)) * SECOND_MS;
      if (this.offsetAt(middle) === old) {
        before = middle;
      } else {
        after = middle;
      }
    }
    return after;
  }
}

/** The clocks that were asked for: all that they remember follows from their zone. */
const zones = new Map<string, ZoneClock>();

/** The clock of a zone, one for all who ask. @throws {RangeError} for a zone that the runtime does not know. */
export function zoneClock(timezone: string): ZoneClock {
  const clock = zones.get(timezone) ?? new ZoneClock(timezone);
  zones.set(timezone, clock);
  return clock;
}
