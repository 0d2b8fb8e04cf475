import { Inject, Injectable, Logger } from '@nestjs/common';
import { faultPoint, UnitOfWork } from '#database';
import type { WorkerTx } from '#database';
import { MESSAGING_SETTINGS } from '../messaging-settings';
import type { MessagingSettings } from '../messaging-settings';
import { DeliveryError, EVENT_TRANSPORT } from '../transports/event-transport';
import type { EventTransport, OutboxEvent, Refusal } from '../transports/event-transport';
import type { PassResult } from './duty-loop';
import { askForDuty, HAS_DUTY } from './locks';
import { queryInIndexOrder } from './planned-queries';

/** Events handed to the transport at once. */
const BATCH = 200;

/** Batches of one transaction, and so the most that is handed over again after a crash. */
const BATCHES = 5;

/**
 * Marks the next events, which stands when the transport has taken them. Only events that have their place in the log, so that a
 * consumer finds in the log what it was told of.
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
  UPDATE outbox SET published_at = $1 WHERE id = ANY(ARRAY(SELECT id FROM next))
  RETURNING id, event_id, project_id, aggregate_id, type, body, created_at, traceparent, attempts`;

interface OutboxRow {
  readonly id: number;
  readonly event_id: string;
  readonly project_id: string;
  readonly aggregate_id: string;
  readonly type: string;
  readonly body: string;
  readonly created_at: Date;
  readonly traceparent: string | null;
  readonly attempts: number;
}

/** What a pass has done. */
interface HandOver {
  /** Events that the transport has taken. */
  readonly taken: number;
  readonly result: PassResult;
}

/**
 * Hands events to the transport in the order of ids and marks those that it took; the database looks for the next ones while the
 * transport works. A crash in between hands them over again. An event that is refused holds back the later ones of its aggregate and
 * nothing else.
 */
@Injectable()
export class Publisher {
  private readonly logger = new Logger('event-path');

  constructor(
    private readonly uow: UnitOfWork,
    @Inject(EVENT_TRANSPORT) private readonly transport: EventTransport,
    @Inject(MESSAGING_SETTINGS) private readonly settings: MessagingSettings,
  ) {}

  /** Hands over at most a few batches. */
  async pass(): Promise<PassResult> {
    const { taken, result } = await this.uow
      .runAsWorker((tx) => this.handOver(tx))
      .catch((error: unknown) => {
        this.settings.observer.publishFailed(error instanceof DeliveryError ? error.failure : 'failed', 1);
        throw error;
      });
    if (taken > 0) {
      faultPoint('relay.afterCommit');
      this.settings.observer.published(taken);
    }
    return result;
  }

  private async handOver(tx: WorkerTx): Promise<HandOver> {
    const [mine, first] = await Promise.all([askForDuty(tx, 'delivery'), this.markNext(tx), markLightly(tx)]);
    let [taken, rows] = [0, first];
    for (let batch = 1; rows.length > 0; batch++) {
      const isLast = batch === BATCHES || rows.length < BATCH;
      const next = isLast ? Promise.resolve([]) : this.markNext(tx);
      // It fails with the transaction, which the transport may fail before.
      next.catch(() => undefined);
      const refused = await this.deliver(tx, rows);
      taken += rows.length - refused.length;
      if (refused.length > 0) {
        // What came behind a refused event may be among the next ones.
        await this.unmark(tx, [...refused, ...(await next)]);
        break;
      }
      if (isLast) {
        break;
      }
      rows = await next;
    }
    if (first.length > 0) {
      faultPoint('relay.beforeCommit');
    }
    return { taken, result: !mine ? 'busy' : first.length === BATCH ? 'more' : 'idle' };
  }

  /** The rows that the transport did not take, in its transaction. */
  private async deliver(tx: WorkerTx, rows: readonly OutboxRow[]): Promise<readonly OutboxRow[]> {
    faultPoint('relay.beforeDeliver');
    const refusals = await this.transport.deliver(tx, rows.map(toEvent));
    faultPoint('relay.afterDeliver');
    await this.markRefused(tx, rows, refusals);
    return heldBackRows(rows, refusals);
  }

  private async markNext(tx: WorkerTx): Promise<readonly OutboxRow[]> {
    const statement = { name: 'relay-next', text: NEXT_EVENTS, values: [this.settings.now()] };
    return (await queryInIndexOrder<OutboxRow>(tx, statement)).toSorted((a, b) => a.id - b.id);
  }

  private async unmark(tx: WorkerTx, rows: readonly OutboxRow[]): Promise<void> {
    await tx.query({
      text: 'UPDATE outbox SET published_at = NULL WHERE id = ANY($1::bigint[])',
      values: [rows.map(({ id }) => id)],
    });
  }

  private async markRefused(tx: WorkerTx, rows: readonly OutboxRow[], refusals: readonly Refusal[]): Promise<void> {
    const delays = this.settings.retryDelaysMs;
    for (const { id, reason } of refusals) {
      const attempts = rows.find((row) => row.id === id)?.attempts ?? 0;
      const delay = delays[Math.min(attempts, delays.length - 1)] ?? 0;
      await tx.query({
        text: 'UPDATE outbox SET attempts = attempts + 1, last_error = $2, next_at = $3 WHERE id = $1',
        values: [id, reason, new Date(this.settings.now().getTime() + delay)],
      });
      this.settings.observer.publishFailed('returned', 1);
      this.logger.error({ event: 'event.refused', outbox_id: id, attempts: attempts + 1, reason });
    }
  }
}

/**
 * The commit does not wait for the disk. A mark that a crash of the database takes back hands the event over once more, as any crash
 * does; and what a consumer does is durable only with everything that was committed before.
 */
async function markLightly(tx: WorkerTx): Promise<void> {
  await tx.query({ text: 'SET LOCAL synchronous_commit = off' });
}

/** The refused ones and what comes after them in their aggregate: that is handed over again, in order. */
function heldBackRows(rows: readonly OutboxRow[], refusals: readonly Refusal[]): readonly OutboxRow[] {
  const refused = new Set(refusals.map(({ id }) => id));
  const heldBack = new Set<string>();
  return rows.filter((row) => {
    const aggregate = `${row.project_id} ${row.aggregate_id}`;
    if (refused.has(row.id)) {
      heldBack.add(aggregate);
    }
    return heldBack.has(aggregate);
  });
}

function toEvent(row: OutboxRow): OutboxEvent {
  return {
    id: row.id,
    eventId: row.event_id,
    projectId: row.project_id,
    aggregateId: row.aggregate_id,
    type: row.type,
    body: row.body,
    createdAt: row.created_at,
    traceparent: row.traceparent,
  };
}
