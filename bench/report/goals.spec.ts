import type { TargetName } from '../cases/target';
import type { CaseName } from '../options';
import { judgeGoals } from './goals';
import type { Result } from './result';

function result(name: CaseName, target: TargetName, load: string, rounds: readonly number[], errors = 0): Result {
  const measurements = rounds.map((value) => ({
    rate: value,
    p50: value,
    p95: value,
    p99: value,
    max: value,
    count: value,
    errors,
  }));
  const [, measurement = measurements[0]] = measurements;
  return {
    case: name,
    title: name,
    target,
    load,
    measurement: measurement as Result['measurement'],
    rounds: measurements,
  };
}

describe('judgeGoals', () => {
  it('compares within each round, and takes the median of the rounds', () => {
    // The machine was half as fast in the second round, for both sides.
    const results = [
      result('create', 'product', 'c=16', [900, 450, 800]),
      result('create', 'twin', 'c=16', [1_000, 500, 1_000]),
    ];
    expect(judgeGoals({ results })).toEqual([
      { goal: 'create, share of the twin, c=16', bound: '≥ 0.8', reached: 0.9, met: true },
    ]);
  });

  it('says what is missed', () => {
    const results = [
      result('create', 'product', 'c=16', [20, 20, 20]),
      result('create-hot', 'product', 'c=16', [41, 41, 41]),
    ];
    expect(judgeGoals({ results })).toEqual([expect.objectContaining({ bound: '≤ 2', reached: 2.05, met: false })]);
  });

  it('judges nothing that was not measured', () => {
    expect(judgeGoals({ results: [result('search', 'product', 'c=1', [5])] })).toEqual([]);
  });

  it('meets no goal with errors', () => {
    const results = [
      result('details', 'product', 'c=4', [9, 9, 9], 1),
      result('details', 'query', 'c=4', [10, 10, 10]),
    ];
    expect(judgeGoals({ results })).toEqual([expect.objectContaining({ reached: Number.NaN, met: false })]);
  });

  it('holds the relay against bare publishing of the same backlog, however long that is', () => {
    const results = [
      result('relay-rabbitmq', 'product', '12000 events', [50, 70, 60]),
      result('relay-rabbitmq', 'broker', '12000 events', [100, 100, 100]),
      result('relay-postgres', 'product', '12000 events', [1, 1, 1]),
    ];
    expect(judgeGoals({ results })).toEqual([expect.objectContaining({ bound: '≥ 0.6', reached: 0.6, met: true })]);
  });

  it('counts a latency only where every event has arrived', () => {
    const [whole, lossy] = [0, 1].map((errors) => result('latency-postgres', 'product', '500/s', [7, 7, 7], errors));
    expect(judgeGoals({ results: [whole!] })).toEqual([expect.objectContaining({ reached: 7, met: true })]);
    expect(judgeGoals({ results: [lossy!] })).toEqual([expect.objectContaining({ reached: Number.NaN, met: false })]);
  });

  it('measures memory in MiB', () => {
    expect(judgeGoals({ results: [], idleBytes: 250 * 1_024 * 1_024 })).toEqual([
      { goal: 'idle memory of the one process', bound: '≤ 250 MiB', reached: 250, met: true },
    ]);
  });
});
