import type { Measurement } from '../../loader/latencies';

/** What the benchmark asks of a process of the product. */
export type Request =
  /** Wakes the relay, as a commit in this process would. */
  | { readonly kind: 'relay' }
  /** Commits events at a fixed rate, one in each transaction. */
  | { readonly kind: 'write'; readonly rate: number; readonly seconds: number; readonly projectIds: readonly string[] }
  /** Asks for what has arrived since the last time. */
  | { readonly kind: 'arrivals' };

/** A moment of an event. Times are those of the machine, in milliseconds. */
export interface Moment {
  /** The event's aggregate and its sequence. */
  readonly key: string;
  readonly at: number;
}

/** What a process answers. */
export type Reply =
  | { readonly kind: 'ready' }
  | { readonly kind: 'relaying'; readonly at: number }
  /** When commits were known, and what they took since they were due. */
  | { readonly kind: 'written'; readonly commits: readonly Moment[]; readonly took: Measurement }
  /** When handlers began with events, and when their effects were durable. */
  | { readonly kind: 'arrived'; readonly begun: readonly Moment[]; readonly done: readonly Moment[] };

/** The machine's time, finer than a millisecond. */
export function machineTime(): number {
  return performance.timeOrigin + performance.now();
}
