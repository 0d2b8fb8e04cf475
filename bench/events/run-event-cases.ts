import type { EventTargetName } from '../cases/target';
import { medianOf } from '../loader/latencies';
import type { Measurement } from '../loader/latencies';
import type { Result } from '../report/result';
import type { EventCase, EventRun } from './event-case';
import type { EventInstallation } from './installation';

/** Measures every case in rounds, in which product and references take turns; the median of the rounds counts. */
export async function runEventCases(
  cases: readonly EventCase[],
  installation: EventInstallation,
  { rounds, progress }: { readonly rounds: number; readonly progress: (line: string) => void },
): Promise<Result[]> {
  const plans = cases.flatMap((one) => one.runs.map((run) => ({ one, run, measured: new Measured(run) })));
  for (let round = 1; round <= rounds; round++) {
    for (const { one, run, measured } of plans) {
      progress(`round ${round}/${rounds}  ${one.title}  ${run.targets[0]}  ${run.load}`);
      await installation.clear();
      measured.add(await run.run());
    }
  }
  return plans.flatMap(({ one, run, measured }) =>
    measured.all.map(([target, measurements]) => ({
      case: one.name,
      title: one.title,
      target,
      load: run.load,
      measurement: medianOf(measurements),
      rounds: measurements,
    })),
  );
}

class Measured {
  readonly all: ReadonlyArray<readonly [EventTargetName, Measurement[]]>;

  constructor({ targets }: EventRun) {
    this.all = targets.map((target) => [target, []]);
  }

  add(figures: Awaited<ReturnType<EventRun['run']>>): void {
    for (const [target, measurements] of this.all) {
      const figure = figures[target];
      if (figure) {
        measurements.push(figure);
      }
    }
  }
}
