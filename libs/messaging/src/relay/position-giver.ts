import { Inject, Injectable } from '@nestjs/common';
import { faultPoint, UnitOfWork } from '#database';
import type { WorkerTx } from '#database';
import { notifyLogSql } from '../log/log-hint';
import { MESSAGING_SETTINGS } from '../messaging-settings';
import type { MessagingSettings } from '../messaging-settings';
import { EVENT_TRANSPORT } from '../transports/event-transport';
import type { EventHeader, EventTransport } from '../transports/event-transport';
import type { PassResult } from './duty-loop';
import { HandOver, MARKED_COLUMNS, publishFailureOf } from './hand-over';
import type { MarkedRow } from './hand-over';
import { askForDuty, HAS_DUTY } from './locks';
import { queryInIndexOrder, queryInIndexOrderAndCommit } from './planned-queries';

/** Events placed in one transaction that does nothing else. */
const BATCH = 1_000;

/** Events placed and handed over in one transaction, and so the most that is handed over again after a crash. */
const HANDED_OVER = 500;

/** So long the log waits for a transport that does not answer, before it goes on without it. */
const HAND_OVER_LIMIT_MS = 2_000;

/**
 * Rows are locked in the order outbox, then heads in the order of projects, as everywhere. Rows that someone holds are being
 * deleted: a writer's uncommitted rows are not visible at all. Who follows a log is told once its new positions are durable.
 * With a time ($1) the events count as published at once, unless earlier ones still wait for their delivery: these must not be
 * overtaken. How many events there are at most is part of the text, so that the planner knows how few they are.
 */
function givePositions(limit: number, columns: string): string {
  return `
  WITH fresh AS MATERIALIZED (
    SELECT id, project_id FROM outbox WHERE ${HAS_DUTY} AND position IS NULL ORDER BY id LIMIT ${limit} FOR UPDATE SKIP LOCKED
  ), counted AS (
    SELECT project_id, count(*) AS events FROM fresh GROUP BY project_id
  ), head AS (
    INSERT INTO event_log_head AS h (project_id, last_position)
    SELECT project_id, events FROM counted ORDER BY project_id
    ON CONFLICT (project_id) DO UPDATE SET last_position = h.last_position + excluded.last_position
    RETURNING project_id, last_position
  ), placed AS (
    SELECT f.id, h.last_position - c.events + row_number() OVER (PARTITION BY f.project_id ORDER BY f.id) AS position
    FROM fresh f JOIN counted c USING (project_id) JOIN head h USING (project_id)
  )
  UPDATE outbox o SET position = p.position, published_at = CASE WHEN (
      SELECT u.id FROM outbox u WHERE u.position IS NOT NULL AND u.published_at IS NULL ORDER BY u.id LIMIT 1
    ) IS NULL THEN $1::timestamptz END
  FROM placed p WHERE o.id = p.id
  RETURNING ${columns}, o.published_at IS NOT NULL AS is_published,
    (SELECT count(${notifyLogSql('project_id', 'last_position')}) FROM head) AS hints`;
}

const HEADER_COLUMNS = 'o.id, o.event_id, o.project_id, o.aggregate_id, o.type';

/** By what becomes of the events in the same transaction. */
const STATEMENTS = {
  placed: { name: 'relay-place', text: givePositions(BATCH, 'o.id') },
  delivered: { name: 'relay-place-deliver', text: givePositions(BATCH, HEADER_COLUMNS) },
  handedOver: { name: 'relay-place-hand-over', text: givePositions(HANDED_OVER, MARKED_COLUMNS) },
} as const;

type Placed<Row> = Row & { readonly is_published: boolean };
type HeaderRow = Pick<MarkedRow, 'id' | 'event_id' | 'project_id' | 'aggregate_id' | 'type'>;

/** What a pass has done. */
export interface Placement {
  readonly result: PassResult;
  /** Events that have their position now and have yet to be handed over. */
  readonly left: number;
  /** Why the transport took no more, when it did. */
  readonly error?: unknown;
}

/** In its transaction. */
interface Placing extends Omit<Placement, 'result'> {
  readonly mine: boolean;
  readonly isFull: boolean;
  /** Events that the transport has taken. */
  readonly taken: number;
}

/**
 * Gives committed events their place in their project's log, in the order of ids, and hands them over in the same transaction, since
 * every change of a row costs as much as all else. The transaction stands, whatever the transport says: the log needs none.
 */
@Injectable()
export class PositionGiver {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly handOver: HandOver,
    @Inject(EVENT_TRANSPORT) private readonly transport: EventTransport,
    @Inject(MESSAGING_SETTINGS) private readonly settings: MessagingSettings,
  ) {}

  /** Places at most one batch; hands them over if `handsOver`, or if the transport lives in the same database. */
  async pass(handsOver: boolean): Promise<Placement> {
    faultPoint('relay.beforePositions');
    const { mine, isFull, taken, left, error } = await this.uow.runAsWorker(async (tx) => {
      if (this.transport.deliverInPlace) {
        return this.placeAndDeliver(tx);
      }
      return handsOver ? this.placeAndHandOver(tx) : this.place(tx);
    });
    if (taken + left > 0) {
      faultPoint('relay.afterCommit');
    }
    const { observer } = this.settings;
    if (taken > 0) {
      observer.published(taken);
    }
    if (error !== undefined) {
      observer.publishFailed(publishFailureOf(error), 1);
    }
    return { result: !mine ? 'busy' : isFull ? 'more' : 'idle', left, error };
  }

  private async place(tx: WorkerTx): Promise<Placing> {
    const [mine, rows] = await Promise.all([
      askForDuty(tx, 'positions'),
      queryInIndexOrderAndCommit(tx, { ...STATEMENTS.placed, values: [null] }),
    ]);
    return { mine, isFull: rows.length === BATCH, taken: 0, left: rows.length };
  }

  private async placeAndDeliver(tx: WorkerTx): Promise<Placing> {
    const [mine, rows] = await Promise.all([
      askForDuty(tx, 'positions'),
      this.give<HeaderRow>(tx, STATEMENTS.delivered),
    ]);
    const isFull = rows.length === BATCH;
    if (!rows[0]?.is_published) {
      return { mine, isFull, taken: 0, left: rows.length };
    }
    faultPoint('relay.beforeDeliver');
    await this.transport.deliverInPlace?.(tx, rows.map(toHeader));
    faultPoint('relay.afterDeliver');
    faultPoint('relay.beforeCommit');
    return { mine, isFull, taken: rows.length, left: 0 };
  }

  private async placeAndHandOver(tx: WorkerTx): Promise<Placing> {
    const [mine, rows] = await Promise.all([
      askForDuty(tx, 'positions'),
      this.give<MarkedRow>(tx, STATEMENTS.handedOver),
    ]);
    const isFull = rows.length === HANDED_OVER;
    if (!rows[0]?.is_published) {
      return { mine, isFull, taken: 0, left: rows.length };
    }
    const notTaken = await this.handOver.deliver(tx, rows, HAND_OVER_LIMIT_MS);
    const left = notTaken.rows.length;
    if (left > 0) {
      await this.handOver.takeBack(tx, notTaken);
    }
    faultPoint('relay.beforeCommit');
    return { mine, isFull, taken: rows.length - left, left, error: notTaken.error };
  }

  /** In the order of ids: all of them published, or none. */
  private async give<Row extends HeaderRow>(
    tx: WorkerTx,
    statement: { readonly name: string; readonly text: string },
  ): Promise<ReadonlyArray<Placed<Row>>> {
    const rows = await queryInIndexOrder<Placed<Row>>(tx, { ...statement, values: [this.settings.now()] });
    if (rows.length > 0) {
      faultPoint('relay.afterPositions');
    }
    return rows.toSorted((a, b) => a.id - b.id);
  }
}

function toHeader(row: HeaderRow): EventHeader {
  return {
    id: row.id,
    eventId: row.event_id,
    projectId: row.project_id,
    aggregateId: row.aggregate_id,
    type: row.type,
  };
}
