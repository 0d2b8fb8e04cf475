import { Inject, Injectable } from '@nestjs/common';
import { faultPoint, UnitOfWork } from '#database';
import type { WorkerTx } from '#database';
import { MESSAGING_SETTINGS } from '../messaging-settings';
import type { MessagingSettings } from '../messaging-settings';
import type { PassResult } from './duty-loop';
import { HandOver, MARKED_BATCH, publishFailureOf } from './hand-over';
import { askForDuty } from './locks';

/** Batches of one transaction, and so the most that is handed over again after a crash. */
const BATCHES = 5;

/** What a pass has done. */
export interface Publication {
  readonly result: PassResult;
  /** Events that the transport has taken. */
  readonly taken: number;
}

/**
 * Hands over, in the order of ids, what was not handed over together with its position; the database looks for the next events while
 * the transport works. A crash in between hands them over again.
 */
@Injectable()
export class Publisher {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly handOver: HandOver,
    @Inject(MESSAGING_SETTINGS) private readonly settings: MessagingSettings,
  ) {}

  /** Hands over at most a few batches. @throws what kept the transport from taking one; those before it stay taken. */
  async pass(): Promise<Publication> {
    const { observer } = this.settings;
    try {
      const { result, taken, error } = await this.uow.runAsWorker((tx) => this.handOverBatches(tx));
      if (taken > 0) {
        faultPoint('relay.afterCommit');
        observer.published(taken);
      }
      if (error !== undefined) {
        throw error;
      }
      return { result, taken };
    } catch (error) {
      observer.publishFailed(publishFailureOf(error), 1);
      throw error;
    }
  }

  private async handOverBatches(tx: WorkerTx): Promise<Publication & { readonly error?: unknown }> {
    const [mine, first] = await Promise.all([askForDuty(tx, 'delivery'), this.handOver.markNext(tx), markLightly(tx)]);
    const result = !mine ? 'busy' : first.length === MARKED_BATCH ? 'more' : 'idle';
    let [taken, rows] = [0, first];
    for (let batch = 1; rows.length > 0; batch++) {
      const isLast = batch === BATCHES || rows.length < MARKED_BATCH;
      const next = isLast ? Promise.resolve([]) : this.handOver.markNext(tx);
      // It fails with the transaction, which the transport may fail before.
      next.catch(() => undefined);
      const notTaken = await this.handOver.deliver(tx, rows);
      taken += rows.length - notTaken.rows.length;
      if (notTaken.rows.length > 0) {
        // What came behind a refused event may be among the next ones.
        await this.handOver.takeBack(tx, { ...notTaken, rows: [...notTaken.rows, ...(await next)] });
        return { result, taken, error: notTaken.error };
      }
      rows = await next;
    }
    if (first.length > 0) {
      faultPoint('relay.beforeCommit');
    }
    return { result, taken };
  }
}

/**
 * The commit does not wait for the disk. A mark that a crash of the database takes back hands the event over once more, as any crash
 * does; and what a consumer does is durable only with everything that was committed before.
 */
async function markLightly(tx: WorkerTx): Promise<void> {
  await tx.query({ text: 'SET LOCAL synchronous_commit = off' });
}
