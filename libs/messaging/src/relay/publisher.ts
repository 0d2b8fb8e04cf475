import { Inject, Injectable } from '@nestjs/common';
import { faultPoint, UnitOfWork } from '#database';
import type { WorkerTx } from '#database';
import { MESSAGING_SETTINGS } from '../messaging-settings';
import type { MessagingSettings } from '../messaging-settings';
import type { PassResult } from './duty-loop';
import { HandOver, MARKED_COLUMNS, publishFailureOf } from './hand-over';
import type { MarkedRow } from './hand-over';
import { askForDuty, HAS_DUTY } from './locks';
import { queryInIndexOrder } from './planned-queries';

/** Events handed to the transport at once. */
const BATCH = 200;

/** Batches of one transaction, and so the most that is handed over again after a crash. */
const BATCHES = 5;

/**
 * Marks the next events, which stands when the transport has taken them. Only events that have their place in the log, as all others
 * are handed over with it.
 */
const NEXT_EVENTS = `
  WITH next AS MATERIALIZED (
    SELECT o.id FROM outbox o
    WHERE ${HAS_DUTY} AND o.position IS NOT NULL AND o.published_at IS NULL AND (o.next_at IS NULL OR o.next_at <= $1)
      AND NOT EXISTS (
        SELECT FROM outbox e WHERE e.project_id = o.project_id AND e.aggregate_id = o.aggregate_id
          AND e.attempts > 0 AND e.published_at IS NULL AND e.id < o.id)
    ORDER BY o.id LIMIT ${BATCH} FOR UPDATE OF o SKIP LOCKED
  )
  UPDATE outbox o SET published_at = $1 WHERE o.id = ANY(ARRAY(SELECT id FROM next))
  RETURNING ${MARKED_COLUMNS}`;

/** What a pass has done. */
interface Handed {
  readonly result: PassResult;
  /** Events that the transport has taken. */
  readonly taken: number;
  /** Why it took no more, when it said so. */
  readonly error?: unknown;
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
  async pass(): Promise<PassResult> {
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
      return result;
    } catch (error) {
      observer.publishFailed(publishFailureOf(error), 1);
      throw error;
    }
  }

  private async handOverBatches(tx: WorkerTx): Promise<Handed> {
    const [mine, first] = await Promise.all([askForDuty(tx, 'delivery'), this.markNext(tx), markLightly(tx)]);
    const result = !mine ? 'busy' : first.length === BATCH ? 'more' : 'idle';
    let [taken, rows] = [0, first];
    for (let batch = 1; rows.length > 0; batch++) {
      const isLast = batch === BATCHES || rows.length < BATCH;
      const next = isLast ? Promise.resolve([]) : this.markNext(tx);
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

  private async markNext(tx: WorkerTx): Promise<readonly MarkedRow[]> {
    const statement = { name: 'relay-next', text: NEXT_EVENTS, values: [this.settings.now()] };
    return (await queryInIndexOrder<MarkedRow>(tx, statement)).toSorted((a, b) => a.id - b.id);
  }
}

/**
 * The commit does not wait for the disk. A mark that a crash of the database takes back hands the event over once more, as any crash
 * does; and what a consumer does is durable only with everything that was committed before.
 */
async function markLightly(tx: WorkerTx): Promise<void> {
  await tx.query({ text: 'SET LOCAL synchronous_commit = off' });
}
