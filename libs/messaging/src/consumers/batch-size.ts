/** Events that one transaction handles at most. A power of two, as every size is. */
export const LARGEST_BATCH = 32;

/** What the handlers of a batch should take at most: so long its rows stay locked, and its last event waits for the others. */
const HANDLERS_MS = 50;

/** Or so many times what else the transaction takes, for on a busy machine everything takes longer, and sharing helps most. */
const TIMES_THE_REST = 4;

/**
 * So long a batch has the process for itself before another one begins beside it, unless that would be full: events that come
 * meanwhile then share the next transaction, which costs all of them less than one each.
 */
export const BATCH_ALONE_MS = 20;

/** What the transaction of a batch has taken. */
export interface BatchDuration {
  readonly handlersMs: number;
  /** Everything else: claim, inbox, commit. */
  readonly restMs: number;
}

/**
 * How many of the events that wait may share a transaction: one at first, more while the handlers are quick, so that slow ones run
 * side by side instead of one after the other, and one again after a failure, until each of the events that failed together may
 * have been tried alone.
 */
export class BatchSize {
  private size = 1;
  private alone = 0;

  /** Of the next batch. */
  get next(): number {
    return this.alone > 0 ? 1 : this.size;
  }

  /** A batch of so many events is done. */
  succeeded(count: number, { handlersMs, restMs }: BatchDuration): void {
    if (this.alone > 0) {
      this.alone--;
      return;
    }
    const allowed = (count * Math.max(HANDLERS_MS, TIMES_THE_REST * restMs)) / handlersMs;
    if (count === this.size && this.size * 2 <= Math.min(allowed, LARGEST_BATCH)) {
      this.size *= 2;
    }
    while (this.size > Math.max(allowed, 1)) {
      this.size /= 2;
    }
  }

  /** A batch of so many events has failed. */
  failed(count: number): void {
    this.size = 1;
    this.alone = Math.max(this.alone - 1, count);
  }
}
