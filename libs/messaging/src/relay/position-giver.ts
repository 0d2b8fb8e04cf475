import { Injectable } from '@nestjs/common';
import { faultPoint, UnitOfWork } from '#database';
import type { WorkerTx } from '#database';
import { notifyLogSql } from '../log/log-hint';
import type { PassResult } from './duty-loop';
import { askForDuty, HAS_DUTY } from './locks';
import { IN_INDEX_ORDER } from './query-in-index-order';

/** Events placed in one transaction. Part of the statement's text, so that the planner knows how few they are. */
const BATCH = 1_000;

/**
 * Rows are locked in the order outbox, then heads in the order of projects, as everywhere. Rows that someone holds are being
 * deleted: a writer's uncommitted rows are not visible at all. Who follows a log is told once its new positions are durable.
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
  ), changed AS (
    UPDATE outbox o SET position = p.position FROM placed p WHERE o.id = p.id RETURNING 1
  )
  SELECT (SELECT count(*) FROM changed)::int AS given,
    (SELECT count(${notifyLogSql('project_id', 'last_position')}) FROM head) AS hints`;

/**
 * Gives committed events their place in their project's log, in the order of ids. Needs no transport: the log goes on while a
 * broker is down.
 */
@Injectable()
export class PositionGiver {
  constructor(private readonly uow: UnitOfWork) {}

  /** Places at most one batch, in one round trip; calls `placed` when there was something. */
  async pass(placed: () => void): Promise<PassResult> {
    faultPoint('relay.beforePositions');
    const [mine, given] = await this.uow.runAsWorker((tx) =>
      Promise.all([askForDuty(tx, 'positions'), givePositions(tx)]),
    );
    if (!mine) {
      return 'busy';
    }
    if (given > 0) {
      faultPoint('relay.afterPositions');
      placed();
    }
    return given === BATCH ? 'more' : 'idle';
  }
}

/** Commits. */
async function givePositions(tx: WorkerTx): Promise<number> {
  const [, rows] = await Promise.all([
    tx.query(IN_INDEX_ORDER),
    tx.queryAndCommit<{ given: number }>({ name: 'relay-positions', text: GIVE_POSITIONS }),
  ]);
  return rows[0]?.given ?? 0;
}
