import { BatchSize, LARGEST_BATCH } from './batch-size';

/** Ends so many full batches, each event of which takes its handler so many milliseconds. */
function succeed(size: BatchSize, times: number, msEach: number, restMs = 2): void {
  for (let n = 0; n < times; n++) {
    size.succeeded(size.next, { handlersMs: size.next * msEach, restMs });
  }
}

describe('the size of batches', () => {
  it('is one at first, and doubles with each full batch of quick handlers, up to a limit', () => {
    const size = new BatchSize();
    const sizes = Array.from({ length: 7 }, () => {
      const { next } = size;
      succeed(size, 1, 0.5);
      return next;
    });
    expect(sizes).toEqual([1, 2, 4, 8, 16, 32, 32]);
    expect(LARGEST_BATCH).toBe(32);
  });

  it('stays one for slow handlers, and grows only as far as a batch takes no longer than it may', () => {
    const slow = new BatchSize();
    succeed(slow, 10, 100);
    expect(slow.next).toBe(1);
    const middling = new BatchSize();
    succeed(middling, 10, 10);
    expect(middling.next).toBe(4);
  });

  it('takes handlers for quick ones that are so only beside the rest of the transaction, as on a busy machine', () => {
    const size = new BatchSize();
    succeed(size, 10, 50, 200);
    expect(size.next).toBe(16);
  });

  it('does not grow without need, and shrinks when handlers become slow', () => {
    const size = new BatchSize();
    succeed(size, 3, 1);
    size.succeeded(3, { handlersMs: 3, restMs: 2 });
    expect(size.next).toBe(8);
    size.succeeded(1, { handlersMs: 30, restMs: 2 });
    expect(size.next).toBe(1);
  });

  it('is one after a failure until as many have been tried alone as have failed together', () => {
    const size = new BatchSize();
    succeed(size, 2, 1);
    size.failed(4);
    for (const end of [() => size.failed(1), () => succeed(size, 1, 1), () => succeed(size, 1, 1)]) {
      expect(size.next).toBe(1);
      end();
    }
    succeed(size, 1, 1);
    expect(size.next).toBe(1);
    succeed(size, 2, 1);
    expect(size.next).toBe(4);
  });
});
