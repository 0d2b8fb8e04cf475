import { FILL_REPORT_DAYS } from '../../libs/schema/src/migrations/1764010000000-sla-report';
import { withClient } from '../database/bench-databases';
import { loadTickets } from '../database/load-tickets';

/** Every loaded ticket is closed; one of five was late with its answer, one of ten with its solution, one of four is rated. */
const LET_ALL_BE_CLOSED = `
  UPDATE ticket SET status = 'closed', waiting_since = NULL, first_reply_at = created_at + interval '7 min',
    closed_at = created_at + interval '1 hour' + (ticket_number % 5000) * interval '37 s',
    sla_first_reply_status = CASE WHEN ticket_number % 5 = 0 THEN 'breached' ELSE 'met' END,
    sla_first_reply_due_at = created_at + interval '5 min',
    sla_resolve_status = CASE WHEN ticket_number % 10 = 0 THEN 'breached' ELSE 'met' END,
    sla_resolve_due_at = created_at + interval '1 hour'`;

/** Loads closed tickets of one project, and what reports read of them. */
export async function loadClosedTickets(url: string, projectId: string, tickets: number): Promise<void> {
  await withClient(url, async (client) => {
    await loadTickets(client, [projectId], tickets, [LET_ALL_BE_CLOSED]);
    await client.query('BEGIN');
    await client.query(FILL_REPORT_DAYS);
    await client.query('COMMIT');
    await client.query('VACUUM (ANALYZE) report_day, report_key');
  });
}
