import type { BenchCase } from './cases/bench-case';
import type { Target } from './cases/target';
import { medianOf } from './loader/latencies';
import type { Measurement } from './loader/latencies';
import { closedLoop, openLoop } from './loader/loops';
import type { Operation } from './loader/loops';
import type { Result } from './report/result';

/** How many connections closed loops have. */
export const CONCURRENCIES = [1, 4, 16] as const;

/** Connections of an open loop: enough that none is waited for while the server keeps up. */
const OPEN_LOOP_CONNECTIONS = 32;

const FIRST_WARM_UP_SECONDS = 3;
const WARM_UP_SECONDS = 0.3;

/** One measurement to repeat: of one target, under one load. */
interface Plan {
  readonly bench: BenchCase;
  readonly target: Target;
  readonly load: string;
  readonly connections: number;
  readonly run: (operations: readonly Operation[]) => Promise<Measurement>;
  readonly rounds: Measurement[];
}

/** How to measure. */
export interface RunOptions {
  readonly seconds: number;
  readonly rounds: number;
  /** Tells which measurement begins. */
  readonly progress: (line: string) => void;
}

/**
 * Measures every case under every load. The targets of one load follow each other directly and everything is repeated in rounds,
 * so that a change of the machine's mood meets all of them; the median of the rounds counts.
 */
export async function runCases(cases: readonly BenchCase[], options: RunOptions): Promise<Result[]> {
  const plans = cases.flatMap((bench) => plansOf(bench, options));
  for (const { target, run } of plans.filter(isFirstOfTarget)) {
    await measure(target, 4, FIRST_WARM_UP_SECONDS, run);
  }
  for (let round = 1; round <= options.rounds; round++) {
    for (const plan of plans) {
      const { target, bench, load, connections, run } = plan;
      options.progress(`round ${round}/${options.rounds}  ${bench.title}  ${target.name}  ${load}`);
      plan.rounds.push(await measure(target, connections, WARM_UP_SECONDS, run));
    }
  }
  return plans.map(({ bench, target, load, rounds }) => ({
    case: bench.name,
    title: bench.title,
    target: target.name,
    load,
    measurement: medianOf(rounds),
    rounds,
  }));
}

function plansOf(bench: BenchCase, { seconds }: RunOptions): Plan[] {
  const closed = CONCURRENCIES.flatMap((connections) =>
    bench.targets.map((target) => ({
      bench,
      target,
      connections,
      load: `c=${connections}`,
      run: (operations: readonly Operation[]) => closedLoop(operations, seconds),
      rounds: [],
    })),
  );
  const rate = bench.openLoopRate;
  const [product] = bench.targets;
  if (rate === undefined || !product) {
    return closed;
  }
  const open: Plan = {
    bench,
    target: product,
    connections: OPEN_LOOP_CONNECTIONS,
    load: `${rate}/s`,
    run: (operations) => openLoop(operations, { rate, seconds }),
    rounds: [],
  };
  return [...closed, open];
}

async function measure(target: Target, connections: number, warmUp: number, run: Plan['run']): Promise<Measurement> {
  const { operations, close } = await target.open(connections);
  try {
    await closedLoop(operations, warmUp);
    return await run(operations);
  } finally {
    await close();
    await target.settle?.();
  }
}

function isFirstOfTarget({ target, bench }: Plan, index: number, plans: readonly Plan[]): boolean {
  return plans.findIndex((other) => other.target === target && other.bench === bench) === index;
}
