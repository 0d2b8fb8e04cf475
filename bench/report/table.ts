import type { GoalResult } from './goals';
import type { Machine } from './machine';
import type { Result } from './result';

/** Rows as a Markdown table, its columns aligned for the terminal: the first to the left, the others to the right. */
export function markdownTable(head: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0), 3));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0))).join(' | ')} |`;
  const rule = `| ${widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`;
  return [line(head), rule, ...rows.map(line)].join('\n');
}

/** Every measurement in one line: rate, its share of the best reference, latencies, errors. */
export function resultTable(results: readonly Result[]): string {
  const rows = results.map((result) => {
    const { rate, p50, p95, p99, errors } = result.measurement;
    return [
      result.title,
      result.target,
      result.load,
      rate.toFixed(rate < 100 ? 1 : 0),
      ...['floor', 'query', 'twin'].map((reference) => shareOf(result, reference, results)),
      ...[p50, p95, p99].map(milliseconds),
      String(errors),
    ];
  });
  const head = ['case', 'who', 'load', 'req/s', '÷ floor', '÷ query', '÷ twin', 'p50 ms', 'p95 ms', 'p99 ms', 'errors'];
  return markdownTable(head, rows);
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

function shareOf(result: Result, reference: string, results: readonly Result[]): string {
  const other = results.find((one) => one.target === reference && one.case === result.case && one.load === result.load);
  return other && result.target === 'product' ? (result.measurement.rate / other.measurement.rate).toFixed(2) : '';
}

function milliseconds(value: number): string {
  return value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0);
}
