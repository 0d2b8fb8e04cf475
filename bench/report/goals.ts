import type { TargetName } from '../cases/target';
import type { CaseName } from '../options';
import { median } from '../loader/latencies';
import type { Measurement } from '../loader/latencies';
import type { Result } from './result';

/** A goal, and what was reached. */
export interface GoalResult {
  readonly goal: string;
  readonly bound: string;
  readonly reached: number;
  readonly met: boolean;
}

/** What the goals are judged by. */
export interface Measured {
  readonly results: readonly Result[];
  /** Of the whole product in one process when nothing is asked of it, without Postgres; undefined when it was not measured. */
  readonly idleBytes?: number;
}

const MEBIBYTE = 1_024 * 1_024;

interface Side {
  readonly case: CaseName;
  readonly target: TargetName;
  readonly load: string;
}

interface Goal {
  readonly goal: string;
  readonly kind: 'at least' | 'at most';
  readonly bound: number;
  readonly unit?: string;
  readonly of: (measured: Measured) => number | undefined;
}

/** The report as it is, and each way to group it. */
export const REPORTS = ['whole', 'by day', 'by agent', 'by channel', 'by ticket_type'];

const GOALS: readonly Goal[] = [
  {
    goal: 'create, share of the twin, c=16',
    kind: 'at least',
    bound: 0.8,
    of: rateRatio(side('create', 'product', 'c=16'), side('create', 'twin', 'c=16')),
  },
  {
    goal: 'create, share of the floor, c=16',
    kind: 'at least',
    bound: 0.28,
    of: rateRatio(side('create', 'product', 'c=16'), side('create', 'floor', 'c=16')),
  },
  {
    goal: 'create on one hot project, p99 by that of 50 projects, c=16',
    kind: 'at most',
    bound: 2,
    of: ratio('p99', side('create-hot', 'product', 'c=16'), side('create', 'product', 'c=16')),
  },
  ...['c=4', 'c=16'].flatMap((load): Goal[] => [
    {
      goal: `list, share of its query by bare pg, ${load}`,
      kind: 'at least',
      bound: 0.5,
      of: rateRatio(side('list', 'product', load), side('list', 'query', load)),
    },
    {
      goal: `details, share of its query by bare pg, ${load}`,
      kind: 'at least',
      bound: 0.33,
      of: rateRatio(side('details', 'product', load), side('details', 'query', load)),
    },
    {
      goal: `list, share of its speed at 10,000 tickets, ${load}`,
      kind: 'at least',
      bound: 0.95,
      of: rateRatio(side('list', 'product', load), side('list-small', 'product', load)),
    },
  ]),
  ...['c=4', '50/s'].map((load): Goal => ({
    goal: `search, p95, ${load}`,
    kind: 'at most',
    bound: 80,
    unit: 'ms',
    of: withoutErrors(side('search', 'product', load), 'p95'),
  })),
  {
    goal: 'relay over RabbitMQ, share of bare publishing into one queue',
    kind: 'at least',
    bound: 0.6,
    of: rateRatioOfBacklog('relay-rabbitmq', 'broker'),
  },
  {
    goal: 'relay over RabbitMQ, share of bare publishing into queue and log',
    kind: 'at least',
    bound: 0.6,
    of: rateRatioOfBacklog('relay-rabbitmq', 'broker+log'),
  },
  ...(['postgres', 'rabbitmq'] as const).flatMap((transport): Goal[] => [
    {
      goal: `consumer with inbox and effect over ${transport}, events/s`,
      kind: 'at least',
      bound: 1_000,
      of: ({ results }) => results.find(isOf(`consume-${transport}`, 'product'))?.measurement.rate,
    },
    {
      goal: `commit to durable effect over ${transport}, p99, 500/s`,
      kind: 'at most',
      bound: 50,
      unit: 'ms',
      of: withoutErrors(side(`latency-${transport}`, 'product', '500/s'), 'p99'),
    },
  ]),
  {
    goal: 'rule’s effect seen after create, p95, 10/s',
    kind: 'at most',
    bound: 200,
    unit: 'ms',
    of: withoutErrors(side('routing', 'product', '10/s'), 'p95'),
  },
  {
    goal: 'scan with nothing due',
    kind: 'at most',
    bound: 50,
    unit: 'ms',
    of: withoutErrors(side('scan-idle', 'product', '20 scans'), 'p50'),
  },
  ...['1 project', '50 projects'].map((load): Goal => ({
    goal: `scan with 500 tickets of ${load} due`,
    kind: 'at most',
    bound: 500,
    unit: 'ms',
    of: withoutErrors(side('scan-due', 'product', load), 'p50'),
  })),
  ...REPORTS.map((load): Goal => ({
    goal: `report over a year of all tickets, ${load}`,
    kind: 'at most',
    bound: 500,
    unit: 'ms',
    of: withoutErrors(side('report', 'product', load), 'p50'),
  })),
  {
    goal: 'idle memory of the one process',
    kind: 'at most',
    bound: 250,
    unit: 'MiB',
    of: ({ idleBytes }) => (idleBytes === undefined ? undefined : idleBytes / MEBIBYTE),
  },
];

/** Judges every goal that was measured. A measurement with errors meets none. */
export function judgeGoals(measured: Measured): GoalResult[] {
  return GOALS.flatMap(({ goal, kind, bound, unit, of }) => {
    const reached = of(measured);
    if (reached === undefined) {
      return [];
    }
    const met = kind === 'at least' ? reached >= bound : reached <= bound;
    return [{ goal, bound: `${kind === 'at least' ? '≥' : '≤'} ${bound}${unit ? ` ${unit}` : ''}`, reached, met }];
  });
}

function side(name: CaseName, target: TargetName, load: string): Side {
  return { case: name, target, load };
}

function rateRatio(above: Side, below: Side): Goal['of'] {
  return ratio('rate', above, below);
}

/** A backlog has as many events as the measuring is long, so its load has no name that is known here. */
function rateRatioOfBacklog(name: CaseName, reference: TargetName): Goal['of'] {
  return (measured) => {
    const load = measured.results.find(isOf(name, 'product'))?.load ?? '';
    return rateRatio(side(name, 'product', load), side(name, reference, load))(measured);
  };
}

function isOf(name: CaseName, target: TargetName): (result: Result) => boolean {
  return (result) => result.case === name && result.target === target;
}

function withoutErrors(wanted: Side, figure: keyof Measurement): Goal['of'] {
  return ({ results }) => {
    const measurement = find(results, wanted)?.measurement;
    return measurement && measurement.errors > 0 ? Number.NaN : measurement?.[figure];
  };
}

/** The median of the rounds' ratios: both sides of a round met the same machine. */
function ratio(figure: keyof Measurement, above: Side, below: Side): Goal['of'] {
  return ({ results }) => {
    const [over, under] = [find(results, above), find(results, below)];
    if (!over || !under) {
      return undefined;
    }
    if (over.measurement.errors > 0 || under.measurement.errors > 0) {
      return Number.NaN;
    }
    return median(over.rounds.map((round, index) => round[figure] / (under.rounds[index]?.[figure] ?? Number.NaN)));
  };
}

function find(results: readonly Result[], wanted: Side): Result | undefined {
  return results.find((one) => one.case === wanted.case && one.target === wanted.target && one.load === wanted.load);
}
