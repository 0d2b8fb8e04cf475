import type { MigrationInterface, QueryRunner } from 'typeorm';

const COLUMNS = `
ALTER TABLE ticket
  ADD COLUMN sla_first_reply_warn_at timestamptz,
  ADD COLUMN sla_resolve_warn_at timestamptz,
  ADD COLUMN sla_next_at timestamptz,
  ADD COLUMN sla_settings_at timestamptz NOT NULL DEFAULT '1970-01-01T00:00:00Z',
  ADD COLUMN unanswered_told_for timestamptz;
`;

/** What the scans look up: each index holds only tickets that there may yet be something to say or to do about. */
const INDEXES = `
CREATE INDEX ix_ticket_sla_next ON ticket (project_id, sla_next_at) WHERE sla_next_at IS NOT NULL;
CREATE INDEX ix_ticket_sla_settings ON ticket (project_id, sla_settings_at) WHERE status <> 'closed';
CREATE INDEX ix_ticket_unanswered ON ticket (project_id, last_message_at)
  WHERE status IN ('new', 'in_progress') AND last_message_from = 'customer' AND waiting_since IS NOT NULL
    AND unanswered_told_for IS DISTINCT FROM waiting_since;
CREATE INDEX ix_ticket_sla_warning ON ticket (project_id, created_at DESC, id DESC)
  WHERE sla_first_reply_status = 'warning' OR sla_resolve_status = 'warning';
CREATE INDEX ix_ticket_sla_breached ON ticket (project_id, created_at DESC, id DESC)
  WHERE sla_first_reply_status = 'breached' OR sla_resolve_status = 'breached';
`;

/** The scans look for due tickets in every project; what they do to them, they do as the application of that project. */
const WORKERS = `
CREATE POLICY every_project ON ticket FOR SELECT TO helpdesk_worker USING (true);
GRANT SELECT ON ticket TO helpdesk_worker;
`;

/** When the clocks of tickets warn and break, of whom was told that nobody answers, and how scans find both. */
export class TicketClocks1763964000000 implements MigrationInterface {
  name = 'TicketClocks1763964000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(COLUMNS);
    await runner.query(INDEXES);
    await runner.query(WORKERS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('REVOKE SELECT ON ticket FROM helpdesk_worker');
    await runner.query('DROP POLICY every_project ON ticket');
    await runner.query('DROP INDEX ix_ticket_sla_warning, ix_ticket_sla_breached');
    await runner.query(`ALTER TABLE ticket
      DROP COLUMN sla_first_reply_warn_at, DROP COLUMN sla_resolve_warn_at, DROP COLUMN sla_next_at,
      DROP COLUMN sla_settings_at, DROP COLUMN unanswered_told_for`);
  }
}
