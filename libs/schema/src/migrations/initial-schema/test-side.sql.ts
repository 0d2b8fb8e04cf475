/** Tables of a side's own data, children before parents. */
const SIDE_TABLES = ['ticket_search', 'ticket_history', 'message', 'ticket', 'subscriber', 'reply_usage', 'outbox'];

/**
 * Emptying the test side. The application role cannot delete history, so this function does, as the owner, and for nothing but
 * a test side. Locks come first, tickets before the counter as in a message that opens a new ticket after a closed one: whoever is
 * changing something finishes before, or finds the side empty. A delivery that a consumer has in hand is left to it: the consumer may be waiting for one of these tickets.
 */
export const INITIAL_RESET = `CREATE FUNCTION reset_test_side() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
  side uuid := NULLIF(current_setting('app.project_id', true), '')::uuid;
BEGIN
  IF NOT EXISTS (SELECT FROM project WHERE id = side AND live_project_id IS NOT NULL) THEN
    RAISE EXCEPTION 'only a test side can be reset';
  END IF;
  PERFORM FROM ticket WHERE project_id = side ORDER BY ticket_number FOR UPDATE;
  PERFORM FROM ticket_counter WHERE project_id = side FOR UPDATE;
  ${SIDE_TABLES.map((table) => `DELETE FROM ${table} WHERE project_id = side;`).join('\n  ')}
  DELETE FROM event_delivery WHERE (outbox_id, consumer) IN (
    SELECT outbox_id, consumer FROM event_delivery WHERE project_id = side FOR UPDATE SKIP LOCKED);
  DELETE FROM idempotency_key WHERE project_id = side AND status IS NOT NULL;
  UPDATE ticket_counter SET last_number = 0 WHERE project_id = side;
  UPDATE event_log_head SET pruned_through = last_position WHERE project_id = side;
  UPDATE project SET clock_offset_ms = 0 WHERE id = side;
END $$;
REVOKE ALL ON FUNCTION reset_test_side() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION reset_test_side() TO helpdesk_app;
`;

/** The owner's policies, and {@link INITIAL_RESET}. */
export const INITIAL_TEST_SIDE = `
DO $$
DECLARE side_table text;
BEGIN
  FOREACH side_table IN ARRAY ARRAY['${[...SIDE_TABLES, 'event_delivery', 'idempotency_key', 'ticket_counter', 'event_log_head'].join("', '")}'] LOOP
    EXECUTE format('CREATE POLICY reset ON %I TO %I USING (project_id = NULLIF(current_setting(''app.project_id'', true), '''')::uuid)',
      side_table, current_user);
  END LOOP;
  EXECUTE format('CREATE POLICY reset ON project TO %I USING (id = NULLIF(current_setting(''app.project_id'', true), '''')::uuid)', current_user);
END $$;

${INITIAL_RESET}`;
