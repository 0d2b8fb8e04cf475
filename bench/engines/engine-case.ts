import type { Measurement } from '../loader/latencies';
import type { EngineCaseName } from '../options';

/** Who does it: the product, or bare `pg` with the least that must be written. */
export type EngineTargetName = 'product' | 'database';

/** Something that the engines behind the API do, under one load. */
export interface EngineCase {
  readonly name: EngineCaseName;
  readonly title: string;
  readonly load: string;
  /** Each prepares, measures and leaves nothing behind. */
  readonly targets: Readonly<Partial<Record<EngineTargetName, () => Promise<Measurement>>>>;
}
