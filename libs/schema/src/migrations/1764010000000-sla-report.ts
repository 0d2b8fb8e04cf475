import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What changes of tickets change in reports, and the days into which it is taken. Facts of a day lie side by side, eight to twelve
 * bytes each: compressing them would cost reports more than it saves.
 */
const TABLES = `
CREATE TABLE ticket_fact (
  project_id uuid NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY,
  channel text NOT NULL,
  ticket_type_id uuid,
  assigned_to uuid,
  facts jsonb NOT NULL,
  CONSTRAINT pk_ticket_fact PRIMARY KEY (project_id, id)
);

CREATE TABLE report_day (
  project_id uuid NOT NULL,
  day date NOT NULL,
  kind text NOT NULL,
  facts integer NOT NULL,
  times bytea NOT NULL,
  keys bytea NOT NULL,
  amounts bytea NOT NULL,
  CONSTRAINT pk_report_day PRIMARY KEY (project_id, day, kind)
);
ALTER TABLE report_day ALTER COLUMN times SET STORAGE EXTERNAL, ALTER COLUMN keys SET STORAGE EXTERNAL,
  ALTER COLUMN amounts SET STORAGE EXTERNAL;

CREATE TABLE report_key (
  project_id uuid NOT NULL,
  code integer NOT NULL,
  channel text NOT NULL,
  ticket_type_id uuid,
  assigned_to uuid,
  CONSTRAINT pk_report_key PRIMARY KEY (project_id, code)
);
`;

/**
 * Changes of tickets are written down by the application; the roll-up, which takes them in, works for all projects. A reset empties
 * what has its policy in the order in which the tables were made: changes before the days that a roll-up takes them into, so that one
 * which is under way is waited for, and what it has stored goes too.
 */
const SECURITY = [
  { table: 'ticket_fact', app: 'SELECT, INSERT', worker: 'SELECT, DELETE' },
  { table: 'report_day', app: 'SELECT', worker: 'SELECT, INSERT, UPDATE' },
  { table: 'report_key', app: 'SELECT', worker: 'SELECT, INSERT' },
]
  .map(({ table, app, worker }) => {
    const own = "project_id = NULLIF(current_setting('app.project_id', true), '')::uuid";
    return `
ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE ${table} FORCE ROW LEVEL SECURITY;
CREATE POLICY own_project ON ${table} TO helpdesk_app USING (${own}) WITH CHECK (${own});
CREATE POLICY every_project ON ${table} TO helpdesk_worker USING (true) WITH CHECK (true);
DO $$ BEGIN EXECUTE format('CREATE POLICY reset ON ${table} TO %I USING (${own.replaceAll("'", "''")})', current_user); END $$;
GRANT ${app} ON ${table} TO helpdesk_app;
GRANT ${worker} ON ${table} TO helpdesk_worker;`;
  })
  .join('\n');

const NONE = "'00000000-0000-0000-0000-000000000000'::uuid";

/**
 * What the tickets that are there say: the same as `factsOf` in libs/tickets says of each, packed as in libs/sla. Read by the role
 * that sees the tickets of every project, which their owner does not.
 */
export const FILL_REPORT_DAYS = `
SET LOCAL ROLE helpdesk_worker;
INSERT INTO report_key (project_id, code, channel, ticket_type_id, assigned_to)
SELECT project_id, (row_number() OVER (PARTITION BY project_id) - 1)::int, channel, ticket_type_id, assigned_to
FROM (SELECT DISTINCT project_id, channel, ticket_type_id, assigned_to FROM ticket) k;

INSERT INTO report_day (project_id, day, kind, facts, times, keys, amounts)
SELECT t.project_id, (f.at AT TIME ZONE 'UTC')::date, f.kind, count(*),
  string_agg(int4send((floor(extract(epoch FROM f.at) * 1000)::bigint % 86400000)::int), ''),
  string_agg(int4send(k.code), ''),
  string_agg(CASE WHEN f.amount IS NULL THEN '' ELSE int4send(floor(extract(epoch FROM f.amount))::int) END, '')
FROM ticket t
JOIN report_key k ON k.project_id = t.project_id AND k.channel = t.channel
  AND coalesce(k.ticket_type_id, ${NONE}) = coalesce(t.ticket_type_id, ${NONE})
  AND coalesce(k.assigned_to, ${NONE}) = coalesce(t.assigned_to, ${NONE})
CROSS JOIN LATERAL (VALUES
  ('created', t.created_at, NULL::interval),
  (CASE t.sla_first_reply_status WHEN 'met' THEN 'first_reply_met' ELSE 'first_reply' END,
    CASE WHEN t.first_customer_message_at IS NOT NULL THEN t.first_reply_at END, t.first_reply_at - t.first_customer_message_at),
  ('first_reply_breached', CASE t.sla_first_reply_status WHEN 'breached' THEN t.sla_first_reply_due_at END, NULL),
  ('first_reply_pending', CASE WHEN t.sla_first_reply_status IN ('pending', 'warning') THEN t.first_customer_message_at END, NULL),
  (CASE t.sla_resolve_status WHEN 'met' THEN 'resolve_met' ELSE 'resolve' END, t.closed_at, t.closed_at - t.created_at),
  ('resolve_breached', CASE t.sla_resolve_status WHEN 'breached' THEN t.sla_resolve_due_at END, NULL),
  ('resolve_pending', CASE WHEN t.sla_resolve_status IN ('pending', 'warning') THEN t.created_at END, NULL)
) f (kind, at, amount)
WHERE f.at IS NOT NULL
GROUP BY 1, 2, 3;
RESET ROLE;
`;

/** Reports read days into which the facts about tickets are packed, and what is not packed yet. */
export class SlaReport1764010000000 implements MigrationInterface {
  name = 'SlaReport1764010000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
    await runner.query(SECURITY);
    await runner.query(FILL_REPORT_DAYS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE report_key, report_day, ticket_fact');
  }
}
