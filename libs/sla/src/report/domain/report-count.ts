import type { LocalDay } from '#settings';
import type { FactChanges, FactKey, FactKind } from '#tickets';
import type { DayFacts } from './day-facts';
import { Tally } from './tally';

const DAY_MS = 86_400_000;

/** What a report can be grouped by. */
export const REPORT_GROUPINGS = ['agent', 'channel', 'ticket_type', 'day'] as const;
export type ReportGrouping = (typeof REPORT_GROUPINGS)[number];

/** From when (inclusive) to when (exclusive), with its days in the project's zone when it is grouped by them. */
export interface CountedPeriod {
  readonly from: Date;
  readonly to: Date;
  readonly days: readonly LocalDay[];
}

/** A day's facts of one kind. Times and keys may be missing where {@link ReportCount} does not ask for them. */
export interface PackedDay {
  /** Counted from 1970-01-01, in UTC. */
  readonly day: number;
  readonly kind: FactKind;
  readonly count: number;
  readonly facts: DayFacts;
}

/** A part of the period whose facts go to one group, or which is not divided. */
interface Slice {
  readonly from: number;
  readonly to: number;
  readonly group: string | null;
}

const GROUP_OF: Readonly<Record<Exclude<ReportGrouping, 'day'>, (key: FactKey) => string | null>> = {
  agent: (key) => key.assignedTo,
  channel: (key) => key.channel,
  ticket_type: (key) => key.ticketTypeId,
};

/** Counts facts, packed and loose ones, in a period and in its groups. */
export class ReportCount {
  readonly total = new Tally();
  private readonly tallies = new Map<string | null, Tally>();
  private readonly slices: readonly Slice[];

  constructor(
    { from, to, days }: CountedPeriod,
    private readonly groupBy: ReportGrouping | null,
  ) {
    const whole = { from: from.getTime(), to: to.getTime(), group: null };
    this.slices =
      groupBy === 'day'
        ? days.map(({ date, startsAt, endsAt }) => ({
            from: Math.max(startsAt.getTime(), whole.from),
            to: Math.min(endsAt.getTime(), whole.to),
            group: date,
          }))
        : [whole];
  }

  /** Days of UTC that lie in more than one part, or only in part in the period: their facts need their times. */
  get cutDays(): number[] {
    const cuts = this.slices.flatMap(({ from, to }) => [from, to]).filter((at) => at % DAY_MS !== 0);
    return [...new Set(cuts.map((at) => Math.floor(at / DAY_MS)))];
  }

  /** Whether facts need their keys. */
  get needsKeys(): boolean {
    return this.groupBy !== null && this.groupBy !== 'day';
  }

  /** @param keys what the codes of the day's facts stand for. */
  addDay(day: PackedDay, keys: ReadonlyMap<number, FactKey>): void {
    const [start, end] = [day.day * DAY_MS, (day.day + 1) * DAY_MS];
    const slices = this.slices.filter(({ from, to }) => from < end && to > start);
    const [slice] = slices;
    if (slice === undefined) {
      return;
    }
    const isWhole = slice.from <= start && slice.to >= end;
    if (isWhole && !this.needsKeys) {
      for (const tally of this.talliesOf(slice.group)) {
        tally.addAll(day.kind, day.count, day.facts.amounts);
      }
      return;
    }
    if (isWhole) {
      this.total.addAll(day.kind, day.count, day.facts.amounts);
      this.addByKey(day, keys);
      return;
    }
    this.addOneByOne(day, slices, keys);
  }

  private addOneByOne(day: PackedDay, slices: readonly Slice[], keys: ReadonlyMap<number, FactKey>): void {
    const { times, keys: codes, amounts } = day.facts;
    for (let index = 0; index < day.count; index++) {
      const slice = sliceAt(slices, day.day * DAY_MS + (times[index] ?? 0));
      if (slice !== undefined) {
        const group = this.needsKeys ? this.groupOf(keyOf(keys, codes[index] ?? 0)) : slice.group;
        for (const tally of this.talliesOf(group)) {
          tally.add(day.kind, amounts[index] ?? null);
        }
      }
    }
  }

  /** Sorts a day's amounts by group, in one pass that counts and one that moves: a year of a large project has some millions. */
  private addByKey({ kind, count, facts }: PackedDay, keys: ReadonlyMap<number, FactKey>): void {
    const { keys: codes, amounts } = facts;
    const places: number[] = [];
    const groups: Array<{ readonly tally: Tally; count: number; end: number }> = [];
    const byTally = new Map<Tally, number>();
    for (let index = 0; index < count; index++) {
      const code = codes[index] as number;
      if (places[code] === undefined) {
        const tally = this.talliesOf(this.groupOf(keyOf(keys, code)))[1] as Tally;
        places[code] = byTally.get(tally) ?? groups.push({ tally, count: 0, end: 0 }) - 1;
        byTally.set(tally, places[code]);
      }
      (groups[places[code]] as { count: number }).count += 1;
    }
    let start = 0;
    for (const group of groups) {
      group.end = start;
      start += group.count;
    }
    const sorted = new Int32Array(amounts.length);
    for (let index = 0; index < amounts.length; index++) {
      const group = groups[places[codes[index] as number] as number] as { end: number };
      sorted[group.end++] = amounts[index] as number;
    }
    for (const { tally, count: counted, end } of groups) {
      tally.addAll(kind, counted, amounts.length === 0 ? amounts : sorted.subarray(end - counted, end));
    }
  }

  /** Changes that no day has taken in yet. */
  addChanges({ facts, ...key }: FactChanges): void {
    for (const [kind, at, amount, by] of facts) {
      const slice = sliceAt(this.slices, at);
      if (slice !== undefined) {
        for (const tally of this.talliesOf(this.needsKeys ? this.groupOf(key) : slice.group)) {
          tally.add(kind, amount, by);
        }
      }
    }
  }

  /** Groups of which there is something to say. */
  get groups(): ReadonlyMap<string | null, Tally> {
    return new Map([...this.tallies].filter(([, tally]) => !tally.isEmpty));
  }

  private groupOf(key: FactKey): string | null {
    return this.groupBy === null || this.groupBy === 'day' ? null : GROUP_OF[this.groupBy](key);
  }

  private talliesOf(group: string | null): readonly Tally[] {
    if (this.groupBy === null) {
      return [this.total];
    }
    let tally = this.tallies.get(group);
    if (tally === undefined) {
      tally = new Tally();
      this.tallies.set(group, tally);
    }
    return [this.total, tally];
  }
}

function keyOf(keys: ReadonlyMap<number, FactKey>, code: number): FactKey {
  const key = keys.get(code);
  if (key === undefined) {
    throw new Error(`There is no report key ${code}.`);
  }
  return key;
}

/** The part that an instant lies in: the parts follow one another, so the search halves them. */
function sliceAt(slices: readonly Slice[], at: number): Slice | undefined {
  let [low, high] = [0, slices.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const slice = slices[middle] as Slice;
    if (at < slice.from) {
      high = middle - 1;
    } else if (at >= slice.to) {
      low = middle + 1;
    } else {
      return slice;
    }
  }
  return undefined;
}
