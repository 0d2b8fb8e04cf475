import { Slots } from '../../consumers/slots';
import { BATCH_ALONE_MS } from '../../consumers/batch-size';
import { BatchExecutor } from './batch-executor';

/** An executor whose batches end when they are told to, and which notes what it takes. */
function scripted({ size = 10, slots = 10 } = {}) {
  const [taken, ends] = [[] as string[], [] as Array<() => void>];
  const executor = new BatchExecutor<string>(new Slots(slots), {
    size: () => size,
    take: async (items) => {
      taken.push(items.join('+'));
      await new Promise<void>((resolve) => {
        ends.push(resolve);
      });
    },
  });
  return { executor, taken, ends };
}

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'queueMicrotask', 'nextTick'] });
});
afterEach(() => {
  jest.useRealTimers();
});

/** Lets everything happen that needs no time. */
async function turn(): Promise<void> {
  for (let n = 0; n < 5; n++) {
    await new Promise(setImmediate);
  }
}

describe('the batch executor', () => {
  it('takes what has come in one turn together, and one item of a key at a time, in order', async () => {
    const { executor, taken, ends } = scripted();
    executor.add('a', 'a1');
    executor.add('b', 'b1');
    executor.add('a', 'a2');
    executor.add('a', 'a3');
    await turn();
    expect(taken).toEqual(['a1+b1']);
    ends[0]?.();
    executor.done('b');
    executor.done('a');
    await turn();
    ends[1]?.();
    executor.done('a');
    await turn();
    expect(taken).toEqual(['a1+b1', 'a2', 'a3']);
  });

  it('takes no more at once than it may, and what fills another batch beside it', async () => {
    const { executor, taken } = scripted({ size: 2 });
    for (const key of ['a', 'b', 'c', 'd', 'e']) {
      executor.add(key, key);
    }
    await turn();
    expect(taken).toEqual(['a+b', 'c+d']);
  });

  it('lets what fills no batch wait for the end of the one under way', async () => {
    const { executor, taken, ends } = scripted();
    executor.add('a', 'a1');
    await turn();
    executor.add('b', 'b1');
    await turn();
    executor.add('c', 'c1');
    await turn();
    expect(taken).toEqual(['a1']);
    ends[0]?.();
    await turn();
    expect(taken).toEqual(['a1', 'b1+c1']);
  });

  it('does not let it wait for a batch that takes its time', async () => {
    const { executor, taken } = scripted();
    executor.add('a', 'a1');
    await turn();
    executor.add('b', 'b1');
    await turn();
    jest.advanceTimersByTime(BATCH_ALONE_MS);
    await turn();
    expect(taken).toEqual(['a1', 'b1']);
  });

  it('takes what has come meanwhile when there is a slot again, whatever is not done', async () => {
    const { executor, taken, ends } = scripted({ slots: 1 });
    executor.add('a', 'a1');
    await turn();
    executor.add('b', 'b1');
    executor.add('a', 'a2');
    executor.add('c', 'c1');
    await turn();
    expect(taken).toEqual(['a1']);
    ends[0]?.();
    await turn();
    expect(taken).toEqual(['a1', 'b1+c1']);
  });

  it('is idle when everything is done, also what came while it was waited for', async () => {
    const { executor } = scripted();
    await expect(executor.idle()).resolves.toBeUndefined();
    const state = { isIdle: false };
    executor.add('a', 'a1');
    const idle = executor.idle().then(() => (state.isIdle = true));
    await turn();
    executor.add('b', 'b1');
    executor.done('a');
    await turn();
    expect(state.isIdle).toBe(false);
    executor.done('b');
    await idle;
  });
});
