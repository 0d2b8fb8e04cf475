import { BATCH_ALONE_MS } from '../../consumers/batch-size';
import type { Slots } from '../../consumers/slots';

/** What an executor does with its items, and with how many at a time. */
export interface BatchWork<Item> {
  /** How many items the next batch may have. */
  size(): number;
  /**
   * Takes a batch: items of different keys, in the order in which they came. It must not throw. The slot is free when it ends; the
   * next item of a key waits until {@link BatchExecutor.done} is told of the one before.
   */
  take(items: readonly Item[]): Promise<void>;
}

/** Batches that wait for a slot or have one. */
const WORKERS = 4;

/**
 * Works through items in batches of what is there: those of one key one after the other, in their order. Nothing waits for more to
 * come, but while a batch is under way the next one waits for its end, or until it is full, or has waited long enough.
 */
export class BatchExecutor<Item> {
  /** Of each key what is not done; the first one is in hand, or may be taken. */
  private readonly queues = new Map<string, Item[]>();
  private readonly takable = new Set<string>();
  private readonly waitingForIdle: Array<() => void> = [];
  private workers = 0;
  private isAwake = false;
  private lastBegun = Number.NEGATIVE_INFINITY;
  private later: NodeJS.Timeout | undefined;

  constructor(
    private readonly slots: Slots,
    private readonly work: BatchWork<Item>,
  ) {}

  /** Queues an item. */
  add(key: string, item: Item): void {
    const queue = this.queues.get(key);
    if (queue) {
      queue.push(item);
      return;
    }
    this.queues.set(key, [item]);
    this.takable.add(key);
    this.wake();
  }

  /** The item of this key that was taken is done with. */
  done(key: string): void {
    const queue = this.queues.get(key) ?? [];
    queue.shift();
    if (queue.length > 0) {
      this.takable.add(key);
      this.wake();
      return;
    }
    this.queues.delete(key);
    if (this.queues.size === 0) {
      this.waitingForIdle.splice(0).forEach((resolve) => resolve());
    }
  }

  /** Resolves when everything is done. */
  async idle(): Promise<void> {
    while (this.queues.size > 0) {
      await new Promise<void>((resolve) => {
        this.waitingForIdle.push(resolve);
      });
    }
  }

  /** What arrives in one turn of the event loop is there before the first of it is taken. */
  private wake(): void {
    if (this.isAwake || this.takable.size === 0 || this.workers === WORKERS) {
      return;
    }
    const patienceMs = this.lastBegun + BATCH_ALONE_MS - performance.now();
    if (this.workers > 0 && this.takable.size < this.work.size() && patienceMs > 0) {
      this.later ??= setTimeout(() => {
        this.later = undefined;
        this.wake();
      }, patienceMs);
      return;
    }
    this.isAwake = true;
    setImmediate(() => {
      this.isAwake = false;
      this.workers++;
      this.lastBegun = performance.now();
      const worker = this.slots.run(() => this.takeBatch());
      void worker.finally(() => {
        this.workers--;
        this.wake();
      });
    });
  }

  private async takeBatch(): Promise<void> {
    const keys = [...this.takable].slice(0, this.work.size());
    for (const key of keys) {
      this.takable.delete(key);
    }
    this.wake();
    const items = keys.flatMap((key) => this.queues.get(key)?.slice(0, 1) ?? []);
    if (items.length > 0) {
      await this.work.take(items);
    }
  }
}
