import { loadavg } from 'node:os';
import type { TargetName } from '../cases/target';
import type { GoalResult } from './goals';
import type { Machine, ProcessorTimes } from './machine';
import type { Result } from './result';

/** Rows as a Markdown table, its columns aligned for the terminal: the first to the left, the others to the right. */
export function markdownTable(head: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0), 3));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0))).join(' | ')} |`;
  const rule = `| ${widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`;
  return [line(head), rule, ...rows.map(line)].join('\n');
}

const REQUEST_REFERENCES = ['floor', 'query', 'twin'] as const;
const ENGINE_REFERENCES = ['database'] as const;
const EVENT_REFERENCES = ['broker', 'broker+log', 'database'] as const;

/** Every measurement of requests in one line: rate, its share of the references, latencies, errors. Empty without any. */
export function requestTable(results: readonly Result[]): string {
  return resultTable(results, 'req/s', REQUEST_REFERENCES);
}

/** The same of events. */
export function eventTable(results: readonly Result[]): string {
  return resultTable(results, 'events/s', EVENT_REFERENCES);
}

/** The same of what happens behind the API. */
export function engineTable(results: readonly Result[]): string {
  return resultTable(results, 'a second', ENGINE_REFERENCES);
}

function resultTable(results: readonly Result[], unit: string, references: readonly TargetName[]): string {
  if (results.length === 0) {
    return '';
  }
  const rows = results.map((result) => {
    const { rate, p50, p95, p99, errors } = result.measurement;
    return [
      result.title,
      result.target,
      result.load,
      rate.toFixed(rate < 100 ? 1 : 0),
      ...references.map((reference) => shareOf(result, reference, results)),
      ...[p50, p95, p99].map(milliseconds),
      String(errors),
    ];
  });
  const shares = references.map((reference) => `÷ ${reference}`);
  return markdownTable(['case', 'who', 'load', unit, ...shares, 'p50 ms', 'p95 ms', 'p99 ms', 'errors'], rows);
}

/** Every goal in one line. */
export function goalTable(goals: readonly GoalResult[]): string {
  return markdownTable(
    ['goal', 'bound', 'reached', 'met'],
    goals.map(({ goal, bound, reached, met }) => [
      goal,
      bound,
      reached >= 10 ? reached.toFixed(0) : reached.toFixed(2),
      met ? 'yes' : 'NO',
    ]),
  );
}

/** The machine in one line. */
export function machineLine({ processor, cores, memoryGiB, node, postgres, settings }: Machine): string {
  const set = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
  return `${cores} × ${processor}, ${memoryGiB} GiB; Node ${node}, PostgreSQL ${postgres} (${set.join(', ')})`;
}

/** What share of its processors' time a virtual machine did not get in between; empty where that is not known. */
export function stolenLine(before: ProcessorTimes | undefined, after: ProcessorTimes | undefined): string {
  if (!before || !after) {
    return '';
  }
  const share = (after.stolen - before.stolen) / Math.max(1, after.all - before.all);
  return `\nTaken by other machines of the same host meanwhile: ${(100 * share).toFixed(1)} % of the processors`;
}

/** How busy the machine is now, with whatever else runs on it. */
export function loadLine(): string {
  return `Load of the machine over 1, 5 and 15 minutes: ${loadavg()
    .map((load) => load.toFixed(1))
    .join(', ')}`;
}

function shareOf(result: Result, reference: TargetName, results: readonly Result[]): string {
  const other = results.find((one) => one.target === reference && one.case === result.case && one.load === result.load);
  // At a fixed rate all have the same.
  if (result.load.endsWith('/s')) {
    return '';
  }
  return other && result.target === 'product' ? (result.measurement.rate / other.measurement.rate).toFixed(2) : '';
}

function milliseconds(value: number): string {
  return Number.isNaN(value) ? '' : value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0);
}
