import type { Database } from '#database';

/** So many may work at once; the others wait in the order in which they came. */
export class Slots {
  private readonly waiting: Array<() => void> = [];

  constructor(private free: number) {}

  /** Runs `work` in a slot. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.free > 0) {
      this.free--;
    } else {
      await new Promise<void>((resolve) => {
        this.waiting.push(resolve);
      });
    }
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next) {
        next();
      } else {
        this.free++;
      }
    }
  }
}

/** Slots for handlers. Each holds a connection of the workers' pool; its other half is the relay's, the scans' and the key look-up's. */
export function handlerSlots({ worker }: Database): Slots {
  return new Slots(Math.max(1, Math.floor((worker.options.poolSize ?? 2) / 2)));
}
