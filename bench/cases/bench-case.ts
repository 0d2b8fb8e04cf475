import type { CaseName } from '../options';
import type { Target } from './target';

/** One kind of request, and who answers it. */
export interface BenchCase {
  readonly name: CaseName;
  /** What the table says. */
  readonly title: string;
  readonly targets: readonly Target[];
  /** Requests per second of the product's open loop; none without it. */
  readonly openLoopRate?: number;
}
