import { Inject, Injectable, Logger } from '@nestjs/common';
import { faultPoint } from '#database';
import type { WorkerTx } from '#database';
import { MESSAGING_SETTINGS } from '../messaging-settings';
import type { MessagingSettings } from '../messaging-settings';
import type { PublishFailure } from '../observation/event-observer';
import { DeliveryError, EVENT_TRANSPORT } from '../transports/event-transport';
import type { EventHeader, EventTransport, OutboxEvent, Refusal } from '../transports/event-transport';
import { hasDuty } from './locks';
import { queryInIndexOrder } from './planned-queries';

/** Events that are marked at once. */
export const MARKED_BATCH = 200;

/** Columns of the outbox, named `o`, that a {@link MarkedRow} has. */
export const MARKED_COLUMNS =
  'o.id, o.event_id, o.project_id, o.aggregate_id, o.type, o.body, o.created_at, o.traceparent, o.attempts';

/**
 * Marks the first events that have their place in the log and have yet to be handed over, but for those that a refused one of their
 * aggregate holds back. As everywhere in the relay the lock is the one of an update that touches no key: a consumer that makes a hold
 * for an event refers to its row, and neither waits for the other nor passes it over.
 */
const NEXT_EVENTS = `
  WITH next AS MATERIALIZED (
    SELECT o.id FROM outbox o
    WHERE ${hasDuty('delivery')} AND o.position IS NOT NULL AND o.published_at IS NULL AND (o.next_at IS NULL OR o.next_at <= $1)
      AND NOT EXISTS (
        SELECT FROM outbox e WHERE e.project_id = o.project_id AND e.aggregate_id = o.aggregate_id
          AND e.attempts > 0 AND e.published_at IS NULL AND e.id < o.id)
    ORDER BY o.id LIMIT ${MARKED_BATCH} FOR NO KEY UPDATE OF o SKIP LOCKED
  )
  UPDATE outbox o SET published_at = $1 WHERE o.id = ANY(ARRAY(SELECT id FROM next))
  RETURNING ${MARKED_COLUMNS}`;

/** What an event is about, as its row says. */
export interface HeaderRow {
  readonly id: number;
  readonly event_id: string;
  readonly project_id: string;
  readonly aggregate_id: string;
  readonly type: string;
}

/** An event that is marked as published in a transaction, which commits when the transport has taken it. */
export interface MarkedRow extends HeaderRow {
  readonly body: string;
  readonly created_at: Date;
  readonly traceparent: string | null;
  readonly attempts: number;
}

/** What the transport has not taken. */
export interface NotTaken {
  /** The rows whose marks must be taken back, in the order of ids. */
  readonly rows: readonly MarkedRow[];
  /** Why it took none of them, when it said so of all; undefined when it refused single ones. */
  readonly error?: unknown;
}

/** Hands marked events to the transport. An event that is refused holds back the later ones of its aggregate and nothing else. */
@Injectable()
export class HandOver {
  private readonly logger = new Logger('event-path');

  constructor(
    @Inject(EVENT_TRANSPORT) private readonly transport: EventTransport,
    @Inject(MESSAGING_SETTINGS) private readonly settings: MessagingSettings,
  ) {}

  /**
   * Marks what was left over, {@link MARKED_BATCH} events at most, as published, which stands when the transport has taken them.
   * @returns them in the order of ids; none when the transaction has not the duty of delivery.
   */
  async markNext(tx: WorkerTx): Promise<readonly MarkedRow[]> {
    const statement = { name: 'relay-next', text: NEXT_EVENTS, values: [this.settings.now()] };
    return (await queryInIndexOrder<MarkedRow>(tx, statement)).toSorted((a, b) => a.id - b.id);
  }

  /**
   * Hands over rows in the order given.
   * @param limitMs how long the transport may take, in milliseconds; its own limit when it is not given.
   * @returns the rows that were not taken, for {@link takeBack}.
   */
  async deliver(tx: WorkerTx, rows: readonly MarkedRow[], limitMs?: number): Promise<NotTaken> {
    faultPoint('relay.beforeDeliver');
    let refusals: readonly Refusal[];
    try {
      refusals = await this.transport.deliver(tx, rows.map(toEvent), limitMs);
    } catch (error) {
      return { rows, error };
    }
    faultPoint('relay.afterDeliver');
    await this.markRefused(tx, rows, refusals);
    return { rows: heldBackRows(rows, refusals) };
  }

  /** Takes back the marks of rows, so that they are handed over again. @throws `error`, if any, when the transaction is lost. */
  async takeBack(tx: WorkerTx, { rows, error }: NotTaken): Promise<void> {
    const ids = rows.map(({ id }) => id);
    try {
      await tx.query({ text: 'UPDATE outbox SET published_at = NULL WHERE id = ANY($1::bigint[])', values: [ids] });
    } catch (lost) {
      throw error ?? lost;
    }
  }

  private async markRefused(tx: WorkerTx, rows: readonly MarkedRow[], refusals: readonly Refusal[]): Promise<void> {
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

/** Why a hand-over failed, for who counts it. */
export function publishFailureOf(error: unknown): PublishFailure {
  return error instanceof DeliveryError ? error.failure : 'failed';
}

/** The refused ones and what comes after them in their aggregate: that is handed over again, in order. */
function heldBackRows(rows: readonly MarkedRow[], refusals: readonly Refusal[]): readonly MarkedRow[] {
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

function toEvent(row: MarkedRow): OutboxEvent {
  return { ...toHeader(row), body: row.body, createdAt: row.created_at, traceparent: row.traceparent };
}

/** A row as the transport knows its event. */
export function toHeader(row: HeaderRow): EventHeader {
  return {
    id: row.id,
    eventId: row.event_id,
    projectId: row.project_id,
    aggregateId: row.aggregate_id,
    type: row.type,
  };
}
