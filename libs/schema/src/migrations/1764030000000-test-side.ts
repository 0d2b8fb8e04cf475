import type { MigrationInterface, QueryRunner } from 'typeorm';
import { testSideLock } from '../test-side-lock';
import { INITIAL_RESET } from './initial-schema/test-side.sql';

const CLOCK = `
ALTER TABLE project ADD CONSTRAINT ck_project_clock_bound CHECK (clock_offset_ms <= 315360000000);
GRANT UPDATE (clock_offset_ms) ON project TO helpdesk_app;
`;

/** For the check that nothing goes on in a ticket that is deleted: without it each would be looked for in all the others. */
const INDEX = `CREATE INDEX ix_ticket_continued ON ticket (project_id, continued_in) WHERE continued_in IS NOT NULL;`;

/** Tables in which a test side's rows are more than deleted. */
const OF_THEIR_OWN = ['project', 'event_delivery', 'idempotency_key', 'ticket_counter', 'event_log_head'];

/**
 * Empties the tables that the owner has the policy `reset` on, those that refer to others first, of these the older ones first; what
 * goes with its ticket by its reference needs no policy. Nobody changes the side meanwhile, the event path aside: it locks events before
 * what it makes of them, so the events go before the deliveries. Deliveries and keys that somebody has in hand are left to him. The log
 * goes on behind a position that no event has: whoever has read up to the end finds that his place has expired.
 *
 * About `most` rows at a time, so that no statement takes long; answers whether the side is empty. A row that the event path changes
 * in this moment is passed over by the first of the two deletions, not by the second.
 */
const RESET = `
CREATE FUNCTION reset_test_side(most integer DEFAULT 2147483647) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
  side uuid := NULLIF(current_setting('app.project_id', true), '')::uuid;
  emptied regclass;
  deleted integer;
BEGIN
  IF NOT EXISTS (SELECT FROM project WHERE id = side AND live_project_id IS NOT NULL) THEN
    RAISE EXCEPTION 'only a test side can be reset';
  END IF;
  PERFORM pg_advisory_xact_lock(${testSideLock('side::text')});
  FOR emptied IN
    WITH RECURSIVE side_table AS (
      SELECT p.polrelid AS id FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
      WHERE p.polname = 'reset' AND c.relnamespace = 'public'::regnamespace
        AND c.relname <> ALL (ARRAY['${OF_THEIR_OWN.join("', '")}'])
    ), place AS (
      SELECT id, 0 AS level FROM side_table
      UNION ALL
      SELECT f.confrelid, place.level + 1 FROM place JOIN pg_constraint f ON f.conrelid = place.id AND f.contype = 'f'
      WHERE f.confrelid <> f.conrelid AND f.confrelid IN (SELECT id FROM side_table)
    )
    SELECT id::regclass FROM place GROUP BY id ORDER BY max(level), id
  LOOP
    EXECUTE format('DELETE FROM %1$s WHERE ctid = ANY (ARRAY(SELECT ctid FROM %1$s WHERE project_id = $1 LIMIT $2))', emptied)
      USING side, most;
    GET DIAGNOSTICS deleted = ROW_COUNT;
    most := most - deleted;
    IF most <= 0 THEN
      RETURN false;
    END IF;
    EXECUTE format('DELETE FROM %s WHERE project_id = $1', emptied) USING side;
  END LOOP;
  DELETE FROM event_delivery WHERE (outbox_id, consumer) IN (
    SELECT outbox_id, consumer FROM event_delivery WHERE project_id = side FOR UPDATE SKIP LOCKED);
  DELETE FROM idempotency_key WHERE (project_id, method, path, key) IN (
    SELECT project_id, method, path, key FROM idempotency_key
    WHERE project_id = side AND status IS NOT NULL FOR UPDATE SKIP LOCKED);
  UPDATE ticket_counter SET last_number = 0 WHERE project_id = side;
  INSERT INTO event_log_head AS h (project_id, last_position, pruned_through) VALUES (side, 1, 1)
    ON CONFLICT (project_id) DO UPDATE SET last_position = h.last_position + 1, pruned_through = h.last_position + 1;
  PERFORM pg_notify('helpdesk_log', project_id || ' ' || last_position) FROM event_log_head WHERE project_id = side;
  UPDATE project SET clock_offset_ms = 0 WHERE id = side;
  RETURN true;
END $$;
REVOKE ALL ON FUNCTION reset_test_side(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION reset_test_side(integer) TO helpdesk_app;
`;

/** The application may move a test side's clock, within a bound; emptying a test side finds its tables by itself. */
export class TestSide1764030000000 implements MigrationInterface {
  name = 'TestSide1764030000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(CLOCK);
    await runner.query(INDEX);
    await runner.query('DROP FUNCTION reset_test_side()');
    await runner.query(RESET);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION reset_test_side(integer)');
    await runner.query(INITIAL_RESET);
    await runner.query('DROP INDEX ix_ticket_continued');
    await runner.query('REVOKE UPDATE (clock_offset_ms) ON project FROM helpdesk_app');
    await runner.query('ALTER TABLE project DROP CONSTRAINT ck_project_clock_bound');
  }
}
