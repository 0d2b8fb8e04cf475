import { DomainError } from '#contracts';
import type { ProjectScope } from '#database';
import { ProjectBatches } from './project-batches';

const scope = (projectId: string): ProjectScope => ({
  projectId,
  liveProjectId: projectId,
  isTest: false,
  clockOffsetMs: 0,
});

describe('ProjectBatches', () => {
  it('does the first item at once, and together what arrived meanwhile', async () => {
    const batches: number[][] = [];
    const subject = new ProjectBatches<number, number>(async (_scope, items) => {
      batches.push([...items]);
      await Promise.resolve();
      return items.map((item) => item * 10);
    });
    const results = await Promise.all([1, 2, 3, 4].map((item) => subject.add(scope('a'), item)));
    expect(results).toEqual([10, 20, 30, 40]);
    expect(batches).toEqual([[1], [2, 3, 4]]);
  });

  it('never mixes projects', async () => {
    const seen: Array<[string, number[]]> = [];
    const subject = new ProjectBatches<number, number>(async ({ projectId }, items) => {
      seen.push([projectId, [...items]]);
      return items;
    });
    await Promise.all([subject.add(scope('a'), 1), subject.add(scope('b'), 2)]);
    expect(seen).toEqual([
      ['a', [1]],
      ['b', [2]],
    ]);
  });

  it('lets one bad item fail alone', async () => {
    const subject = new ProjectBatches<number, number>(async (_scope, items) => {
      if (items.includes(3)) throw new DomainError('validation_failed', 'three');
      return items;
    });
    const settled = await Promise.allSettled([1, 2, 3, 4].map((item) => subject.add(scope('a'), item)));
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
  });

  it('repeats nothing when nobody knows whether the batch was stored', async () => {
    let calls = 0;
    const subject = new ProjectBatches<number, number>(async (_scope, items) => {
      calls++;
      if (items.length > 1) throw new Error('Connection terminated unexpectedly');
      return items;
    });
    const settled = await Promise.allSettled([1, 2, 3].map((item) => subject.add(scope('a'), item)));
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
    expect(calls).toBe(2);
  });
});
