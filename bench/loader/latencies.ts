/** What one measurement came to. Latencies are in milliseconds. */
export interface Measurement {
  /** Answered requests per second, errors not counted. */
  readonly rate: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
  /** How many requests were answered well. */
  readonly count: number;
  /** How many failed: refused, answered other than 2xx, or cut off. */
  readonly errors: number;
}

/** Collects the latencies of one measurement. */
export class Latencies {
  private values = new Float64Array(4_096);
  private count = 0;
  private errors = 0;

  /** Notes one finished request and how long it took, in milliseconds. */
  add(milliseconds: number, ok: boolean): void {
    if (!ok) {
      this.errors++;
      return;
    }
    if (this.count === this.values.length) {
      const larger = new Float64Array(this.values.length * 2);
      larger.set(this.values);
      this.values = larger;
    }
    this.values[this.count++] = milliseconds;
  }

  /** The figures of a measurement that took `seconds`. */
  summarise(seconds: number): Measurement {
    const sorted = this.values.subarray(0, this.count).toSorted();
    return {
      rate: this.count / seconds,
      p50: percentile(sorted, 0.5),
      p95: percentile(sorted, 0.95),
      p99: percentile(sorted, 0.99),
      max: percentile(sorted, 1),
      count: this.count,
      errors: this.errors,
    };
  }
}

/**
 * The smallest value that at least the share `p` (0 to 1) of all values does not exceed (nearest rank); NaN without values.
 * @param sorted in ascending order.
 */
export function percentile(sorted: ArrayLike<number>, p: number): number {
  const rank = Math.max(1, Math.ceil(p * sorted.length));
  return sorted[rank - 1] ?? Number.NaN;
}

/** The middle value; of an even number of values the mean of the two in the middle; NaN without values. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const below = sorted[Math.ceil(middle) - 1] ?? Number.NaN;
  return (below + (sorted[Math.floor(middle)] ?? Number.NaN)) / 2;
}

/** The rounds of one measurement as one: each figure's median, and all requests and errors. */
export function medianOf(rounds: readonly Measurement[]): Measurement {
  const of = (figure: keyof Measurement) => median(rounds.map((round) => round[figure]));
  const sum = (figure: 'count' | 'errors') => rounds.reduce((total, round) => total + round[figure], 0);
  return {
    rate: of('rate'),
    p50: of('p50'),
    p95: of('p95'),
    p99: of('p99'),
    max: of('max'),
    count: sum('count'),
    errors: sum('errors'),
  };
}
