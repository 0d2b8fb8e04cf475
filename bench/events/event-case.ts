import type { EventTargetName } from '../cases/target';
import type { Measurement } from '../loader/latencies';
import type { EventCaseName } from '../options';

/** Several figures that one run brings: what a consumer waited for its events, say, and what the writer waited for its commits. */
export type Figures = Readonly<Partial<Record<EventTargetName, Measurement>>>;

/** One thing to measure, whole: it prepares, runs, and leaves nothing behind. */
export interface EventRun {
  readonly load: string;
  /** Whom it measures. */
  readonly targets: readonly EventTargetName[];
  run(): Promise<Figures>;
}

/** What the product does with events over one transport, and what others do with the same. */
export interface EventCase {
  readonly name: EventCaseName;
  readonly title: string;
  readonly runs: readonly EventRun[];
}
