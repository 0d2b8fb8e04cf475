import { Inject, Injectable } from '@nestjs/common';
import { faultPoint, UnitOfWork } from '#database';
import type { WorkerTx } from '#database';
import { notifyLogSql } from '../log/log-hint';
import { MESSAGING_SETTINGS } from '../messaging-settings';
import type { MessagingSettings } from '../messaging-settings';
import { EVENT_TRANSPORT } from '../transports/event-transport';
import type { EventTransport } from '../transports/event-transport';
import type { PassResult } from './duty-loop';
import { askForDuty, HAS_DUTY } from './locks';
import { queryInIndexOrder, queryInIndexOrderAndCommit } from './planned-queries';

/** Events placed in one transaction. Part of the statement's text, so that the planner knows how few they are. */
const BATCH = 1_000;

/**
 * Rows are locked in the order outbox, then heads in the order of projects, as everywhere. Rows that someone holds are being
 * deleted: a writer's uncommitted rows are not visible at all. Who follows a log is told once its new positions are durable.
 * With a time ($1) the events count as published at once, unless earlier ones still wait for their delivery: these must not be
 * overtaken.
 */
const GIVE_POSITIONS = `
  WITH fresh AS MATERIALIZED (
    SELECT id, project_id FROM outbox WHERE ${HAS_DUTY} AND position IS NULL ORDER BY id LIMIT ${BATCH} FOR UPDATE SKIP LOCKED
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
  RETURNING o.id, o.event_id, o.project_id, o.aggregate_id, o.type, o.published_at IS NOT NULL AS is_published,
    (SELECT count(${notifyLogSql('project_id', 'last_position')}) FROM head) AS hints`;

interface PlacedRow {
  readonly id: number;
  readonly event_id: string;
  readonly project_id: string;
  readonly aggregate_id: string;
  readonly type: string;
  readonly is_published: boolean;
}

/**
 * Gives committed events their place in their project's log, in the order of ids. A transport in the same database takes them
 * in the same transaction; no other is needed for it, so the log goes on while a broker is down.
 */
@Injectable()
export class PositionGiver {
  constructor(
    private readonly uow: UnitOfWork,
    @Inject(EVENT_TRANSPORT) private readonly transport: EventTransport,
    @Inject(MESSAGING_SETTINGS) private readonly settings: MessagingSettings,
  ) {}

  /** Places at most one batch; calls `placed` when there are events now that have yet to be handed over. */
  async pass(placed: () => void): Promise<PassResult> {
    faultPoint('relay.beforePositions');
    const rows = await this.uow.runAsWorker((tx) => this.givePositions(tx));
    if (!rows) {
      return 'busy';
    }
    if (rows.length > 0) {
      faultPoint('relay.afterCommit');
    }
    const waiting = rows.filter((row) => !row.is_published).length;
    this.settings.observer.published(rows.length - waiting);
    if (waiting > 0) {
      placed();
    }
    return rows.length === BATCH ? 'more' : 'idle';
  }

  /** Undefined when another process has the duty. */
  private async givePositions(tx: WorkerTx): Promise<readonly PlacedRow[] | undefined> {
    const isInPlace = this.transport.deliverInPlace !== undefined;
    const publishedAt = isInPlace ? this.settings.now() : null;
    const statement = { name: 'relay-positions', text: GIVE_POSITIONS, values: [publishedAt] };
    // What is handed over later needs nothing more of this transaction.
    const give = isInPlace ? queryInIndexOrder<PlacedRow> : queryInIndexOrderAndCommit<PlacedRow>;
    const [mine, rows] = await Promise.all([askForDuty(tx, 'positions'), give(tx, statement)]);
    if (rows.length > 0) {
      faultPoint('relay.afterPositions');
    }
    if (isInPlace && rows.length > 0) {
      await this.deliver(
        tx,
        rows.filter((row) => row.is_published),
      );
      faultPoint('relay.beforeCommit');
    }
    return mine ? rows : undefined;
  }

  private async deliver(tx: WorkerTx, rows: readonly PlacedRow[]): Promise<void> {
    if (rows.length === 0) {
      return;
    }
    faultPoint('relay.beforeDeliver');
    await this.transport.deliverInPlace?.(
      tx,
      rows.map((row) => ({
        id: row.id,
        eventId: row.event_id,
        projectId: row.project_id,
        aggregateId: row.aggregate_id,
        type: row.type,
      })),
    );
    faultPoint('relay.afterDeliver');
  }
}
