import type { Client } from 'pg';
import { withClient } from '../database/bench-databases';
import { loadTickets } from '../database/load-tickets';

/** All loaded tickets are open, with clocks that are due in a year and alerts that have been given: time has nothing to do. */
const LET_ALL_BE_OPEN = `
  UPDATE ticket SET status = 'in_progress', closed_at = NULL, unanswered_told_for = waiting_since,
    sla_resolve_status = 'pending', sla_resolve_warn_at = now() + interval '292 days',
    sla_resolve_due_at = now() + interval '365 days', sla_due_at = now() + interval '365 days',
    sla_next_at = now() + interval '292 days' + ticket_number * interval '1 ms', sla_settings_at = now() + interval '1 day'`;

const LET_TIME_COUNT = `
  UPDATE helpdesk_settings SET sla_resolve_hours = 8760, helpdesk_unanswered_hours = 48, sla_changed_at = now()`;

/** What a breach leaves of a ticket, as bare SQL would write it again: history and events of the newest scan. */
const REMEMBER_BREACHES = `
  CREATE TABLE IF NOT EXISTS bench_breach_history (LIKE ticket_history);
  CREATE TABLE IF NOT EXISTS bench_breach_event (LIKE outbox);
  TRUNCATE bench_breach_history, bench_breach_event;
  INSERT INTO bench_breach_history SELECT * FROM ticket_history WHERE action = 'sla_breached';
  INSERT INTO bench_breach_event SELECT * FROM outbox WHERE type = 'ticket.sla_breached'`;

const HISTORY_COLUMNS =
  'project_id, id, ticket_id, at, actor_type, actor_id, actor_name, action, field, "from", "to", request_id';

/** Loads tickets over the projects, all of them open. */
export async function loadOpenTickets(url: string, projectIds: readonly string[], tickets: number): Promise<void> {
  await withClient(url, (client) => loadTickets(client, projectIds, tickets, [LET_TIME_COUNT, LET_ALL_BE_OPEN]));
}

/** Lets so many tickets, spread over so many of the projects, miss their resolution by now; answers their ids. */
export async function letTicketsBeDue(client: Client, count: number, projects: number): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>(
    `WITH chosen AS (
       SELECT t.project_id, t.id FROM (SELECT id FROM project WHERE live_project_id IS NULL ORDER BY id LIMIT $2) p
       CROSS JOIN LATERAL (
         SELECT project_id, id FROM ticket WHERE project_id = p.id AND sla_resolve_status = 'pending'
         ORDER BY ticket_number LIMIT $1 / $2) t
     )
     UPDATE ticket t SET sla_resolve_warn_at = now() - interval '2 hours', sla_resolve_due_at = now() - interval '1 hour',
       sla_next_at = now() - interval '2 hours'
     FROM chosen c WHERE t.project_id = c.project_id AND t.id = c.id RETURNING t.id`,
    [count, projects],
  );
  return rows.map(({ id }) => id);
}

/** Takes the breaches of a scan away, and keeps what they were. */
export async function takeBreachesAway(client: Client): Promise<void> {
  await client.query(REMEMBER_BREACHES);
  await forgetBreaches(client);
}

/** Takes the breaches away that {@link breachByHand} wrote. */
export async function forgetBreaches(client: Client): Promise<void> {
  await client.query(
    `DELETE FROM ticket_history WHERE action = 'sla_breached'; TRUNCATE outbox, event_delivery, event_log_head`,
  );
}

/** Writes the remembered breaches on due tickets again, in one transaction: the rows that a scan must write at least. */
export async function breachByHand(client: Client, ticketIds: readonly string[]): Promise<void> {
  await client.query('BEGIN');
  await client.query({
    name: 'bench-breach',
    text: `UPDATE ticket SET sla_resolve_status = 'breached', sla_next_at = NULL, sla_due_at = NULL, version = version + 1,
             event_seq = event_seq + 1, updated_at = now() WHERE id = ANY($1::uuid[])`,
    values: [ticketIds],
  });
  await client.query({
    name: 'bench-history',
    text: `INSERT INTO ticket_history (${HISTORY_COLUMNS}) SELECT ${HISTORY_COLUMNS} FROM bench_breach_history`,
  });
  await client.query({
    name: 'bench-events',
    text: `INSERT INTO outbox (event_id, project_id, type, aggregate_id, aggregate_seq, body, request_id, created_at)
           SELECT event_id, project_id, type, aggregate_id, aggregate_seq, body, request_id, created_at FROM bench_breach_event`,
  });
  await client.query('COMMIT');
}
