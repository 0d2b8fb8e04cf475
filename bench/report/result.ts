import type { TargetName } from '../cases/target';
import type { Measurement } from '../loader/latencies';
import type { CaseName } from '../options';

/** What one target did with one kind of request under one load: `c=<connections>` closed, or `<rate>/s` open. */
export interface Result {
  readonly case: CaseName;
  readonly title: string;
  readonly target: TargetName;
  readonly load: string;
  /** The median of the rounds. */
  readonly measurement: Measurement;
  readonly rounds: readonly Measurement[];
}
