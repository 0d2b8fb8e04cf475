/** Runs work of one key in the order in which it came, one after the other, and work of different keys side by side. */
export class KeyedExecutor {
  private readonly tails = new Map<string, Promise<void>>();

  /** Queues `work`, which must not throw. */
  add(key: string, work: () => Promise<void>): void {
    const tail = (this.tails.get(key) ?? Promise.resolve()).then(work).finally(() => {
      if (this.tails.get(key) === tail) {
        this.tails.delete(key);
      }
    });
    this.tails.set(key, tail);
  }

  /** Resolves when nothing is queued or running. */
  async idle(): Promise<void> {
    while (this.tails.size > 0) {
      await Promise.all(this.tails.values());
    }
  }
}
