import { Inject, Injectable } from '@nestjs/common';
import { faultPoint, UnitOfWork } from '#database';
import type { WorkerTx } from '#database';
import { notifyLogSql } from '../log/log-hint';
import { MESSAGING_SETTINGS } from '../messaging-settings';
import type { MessagingSettings } from '../messaging-settings';
import { EVENT_TRANSPORT } from '../transports/event-transport';
import type { EventTransport } from '../transports/event-transport';
import type { PassResult } from './duty-loop';
import { HandOver, MARKED_BATCH, MARKED_COLUMNS, publishFailureOf, toHeader } from './hand-over';
import type { HeaderRow, MarkedRow, NotTaken } from './hand-over';
import { askForDuty, hasDuty } from './locks';
import { queryInIndexOrder, queryInIndexOrderAndCommit } from './planned-queries';

/** So long the log waits for a transport that does not answer, in milliseconds, before it goes on without it. */
export const HAND_OVER_LIMIT_MS = 2_000;

/**
 * Rows are locked in the order outbox, then heads in the order of projects, as everywhere. Rows that someone holds are being
 * deleted: a writer's uncommitted rows are not visible at all. Who follows a log is told once its new positions are durable.
 * With a time ($1) the events count as published at once, unless earlier ones still wait for their delivery: these must not be
 * overtaken. How many events there are at most is part of the text, so that the planner knows how few they are.
 */
function givePositions(limit: number, columns: string): string {
  return `
  WITH fresh AS MATERIALIZED (
    SELECT id, project_id FROM outbox WHERE ${hasDuty('positions')} AND position IS NULL
    ORDER BY id LIMIT ${limit} FOR NO KEY UPDATE SKIP LOCKED
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

/** A statement that gives positions, to so many events at most. */
interface Placing {
  readonly name: string;
  readonly limit: number;
  readonly text: string;
}

function placing(name: string, limit: number, columns: string): Placing {
  return { name, limit, text: givePositions(limit, columns) };
}

/** By what becomes of the events in the same transaction. A batch that a broker takes is what it gets again after a crash. */
const PLACING = {
  alone: placing('relay-place', 1_000, 'o.id'),
  inPlace: placing('relay-place-in-place', 1_000, 'o.id, o.event_id, o.project_id, o.aggregate_id, o.type'),
  handedOver: placing('relay-place-hand-over', 500, MARKED_COLUMNS),
} as const;

type Placed<Row> = Row & { readonly is_published: boolean };

/** What a pass has done. */
export interface Placement {
  readonly result: PassResult;
  /** Events that have their position and have yet to be handed over, as far as the pass met them. */
  readonly left: number;
  /** Why the transport took no more, when it did. */
  readonly error?: unknown;
}

/** The same with the number of events that the transport has taken. */
type Counted = Placement & { readonly taken: number };

/**
 * Gives committed events their place in their project's log, in the order of ids, and hands them over in the same transaction, since
 * every change of a row costs as much as all else. The positions stand, whatever the transport says.
 */
@Injectable()
export class PositionGiver {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly handOver: HandOver,
    @Inject(EVENT_TRANSPORT) private readonly transport: EventTransport,
    @Inject(MESSAGING_SETTINGS) private readonly settings: MessagingSettings,
  ) {}

  /**
   * Places at most one batch. If `handsOver`, a transport first gets what was left over and then, when nothing more is, the batch; one
   * that lives in the same database always does.
   */
  async pass(handsOver: boolean): Promise<Placement> {
    const { observer } = this.settings;
    faultPoint('relay.beforePositions');
    try {
      const { taken, ...placement } = await this.uow.runAsWorker((tx) => this.place(tx, handsOver));
      if (taken + placement.left > 0) {
        faultPoint('relay.afterCommit');
      }
      if (taken > 0) {
        observer.published(taken);
      }
      if (placement.error !== undefined) {
        observer.publishFailed(publishFailureOf(placement.error), 1);
      }
      return placement;
    } catch (error) {
      observer.publishFailed(publishFailureOf(error), 1);
      throw error;
    }
  }

  private async place(tx: WorkerTx, handsOver: boolean): Promise<Counted> {
    if (this.transport.deliverInPlace) {
      return this.placeAndDeliver<HeaderRow>(tx, PLACING.inPlace, async (rows) => {
        faultPoint('relay.beforeDeliver');
        await this.transport.deliverInPlace?.(tx, rows.map(toHeader));
        faultPoint('relay.afterDeliver');
        return { rows: [] };
      });
    }
    return handsOver
      ? this.placeAndDeliver<MarkedRow>(tx, PLACING.handedOver, async (rows) =>
          this.handOver.deliver(tx, rows, HAND_OVER_LIMIT_MS),
        )
      : this.placeAlone(tx, PLACING.alone);
  }

  private async placeAlone(tx: WorkerTx, { name, limit, text }: Placing): Promise<Counted> {
    const [mine, rows] = await Promise.all([
      askForDuty(tx, 'positions'),
      queryInIndexOrderAndCommit(tx, { name, text, values: [null] }),
    ]);
    return { result: !mine ? 'busy' : rows.length === limit ? 'more' : 'idle', taken: 0, left: rows.length };
  }

  private async placeAndDeliver<Row extends HeaderRow>(
    tx: WorkerTx,
    statement: Placing,
    deliver: (rows: ReadonlyArray<Row | MarkedRow>) => Promise<NotTaken>,
  ): Promise<Counted> {
    // The last one says how long the transaction may be silent: nobody else places meanwhile.
    const [mayDeliver, mine, leftOver, fresh] = await Promise.all([
      askForDuty(tx, 'delivery'),
      askForDuty(tx, 'positions'),
      this.handOver.markNext(tx),
      this.give<Row>(tx, statement),
    ]);
    const published = fresh.filter((row) => row.is_published);
    const waiting = fresh.length - published.length;
    const rows = [...leftOver, ...published];
    const isMore = waiting > 0 || leftOver.length === MARKED_BATCH || fresh.length === statement.limit;
    const notTaken: NotTaken = rows.length > 0 ? await deliver(rows) : { rows: [] };
    if (notTaken.rows.length > 0) {
      await this.handOver.takeBack(tx, notTaken);
    }
    if (rows.length > 0) {
      faultPoint('relay.beforeCommit');
    }
    return {
      // Behind what another process delivers now, the next pass will deliver.
      result: !mine || (waiting > 0 && !mayDeliver) ? 'busy' : isMore ? 'more' : 'idle',
      taken: rows.length - notTaken.rows.length,
      left: notTaken.rows.length + waiting,
      error: notTaken.error,
    };
  }

  /** In the order of ids: all of them published, or none. */
  private async give<Row extends HeaderRow>(
    tx: WorkerTx,
    { name, text }: Placing,
  ): Promise<ReadonlyArray<Placed<Row>>> {
    const statement = { name, text, values: [this.settings.now()] };
    const rows = await queryInIndexOrder<Placed<Row>>(tx, statement);
    if (rows.length > 0) {
      faultPoint('relay.afterPositions');
    }
    return rows.toSorted((a, b) => a.id - b.id);
  }
}
