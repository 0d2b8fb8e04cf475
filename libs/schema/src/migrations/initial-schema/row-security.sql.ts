const SIDE = "NULLIF(current_setting('app.project_id', true), '')::uuid";
const LIVE = "NULLIF(current_setting('app.live_project_id', true), '')::uuid";

/** A tenant's table: what the application may do with its own project's rows, and what the workers may do with all. */
interface TenantTable {
  readonly table: string;
  /** Whose rows: those of the side that asks, or those of the live project whose configuration applies. */
  readonly owner: 'side' | 'live';
  readonly app: string;
  readonly worker?: string;
}

const TENANT_TABLES: readonly TenantTable[] = [
  { table: 'api_key', owner: 'live', app: 'SELECT, INSERT, UPDATE', worker: 'SELECT, INSERT, UPDATE' },
  { table: 'member', owner: 'live', app: 'SELECT, INSERT, UPDATE', worker: 'SELECT' },
  { table: 'helpdesk_settings', owner: 'live', app: 'SELECT, INSERT, UPDATE', worker: 'SELECT' },
  { table: 'ticket_type', owner: 'live', app: 'SELECT, INSERT, UPDATE' },
  { table: 'canned_response', owner: 'live', app: 'SELECT, INSERT, UPDATE' },
  { table: 'subscriber', owner: 'side', app: 'SELECT, INSERT, UPDATE' },
  { table: 'ticket_counter', owner: 'side', app: 'SELECT, INSERT, UPDATE' },
  { table: 'ticket', owner: 'side', app: 'SELECT, INSERT, UPDATE' },
  { table: 'message', owner: 'side', app: 'SELECT, INSERT, UPDATE' },
  { table: 'ticket_history', owner: 'side', app: 'SELECT, INSERT' },
  { table: 'ticket_search', owner: 'side', app: 'SELECT, INSERT, UPDATE' },
  { table: 'reply_usage', owner: 'side', app: 'SELECT, INSERT, UPDATE' },
  { table: 'outbox', owner: 'side', app: 'SELECT, INSERT', worker: 'SELECT, UPDATE, DELETE' },
  { table: 'event_log_head', owner: 'side', app: 'SELECT', worker: 'SELECT, INSERT, UPDATE' },
  { table: 'event_delivery', owner: 'side', app: 'SELECT', worker: 'SELECT, INSERT, UPDATE, DELETE' },
  { table: 'idempotency_key', owner: 'side', app: 'SELECT, INSERT, UPDATE', worker: 'SELECT, DELETE' },
  { table: 'rate_limit', owner: 'side', app: 'SELECT', worker: 'SELECT, INSERT, UPDATE, DELETE' },
];

function protect({ table, owner, app, worker }: TenantTable): string {
  const own = `project_id = ${owner === 'side' ? SIDE : LIVE}`;
  return [
    `ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY;`,
    `ALTER TABLE ${table} FORCE ROW LEVEL SECURITY;`,
    `CREATE POLICY own_project ON ${table} TO helpdesk_app USING (${own}) WITH CHECK (${own});`,
    `GRANT ${app} ON ${table} TO helpdesk_app;`,
    ...(worker
      ? [
          `CREATE POLICY every_project ON ${table} TO helpdesk_worker USING (true) WITH CHECK (true);`,
          `GRANT ${worker} ON ${table} TO helpdesk_worker;`,
        ]
      : []),
  ].join('\n');
}

/**
 * Row-level security as the second net under the project-scoped queries. NULLIF matters: after a transaction the setting is an
 * empty string, which is no uuid.
 */
export const INITIAL_ROW_SECURITY = `
${TENANT_TABLES.map(protect).join('\n')}

ALTER TABLE project ENABLE ROW LEVEL SECURITY;
ALTER TABLE project FORCE ROW LEVEL SECURITY;
CREATE POLICY own_project ON project TO helpdesk_app USING (id = ${SIDE} OR id = ${LIVE});
CREATE POLICY every_project ON project TO helpdesk_worker USING (true) WITH CHECK (true);
GRANT SELECT ON project TO helpdesk_app;
GRANT SELECT, INSERT, UPDATE ON project TO helpdesk_worker;
GRANT INSERT ON member, helpdesk_settings TO helpdesk_worker;
GRANT UPDATE ON member TO helpdesk_worker;

GRANT SELECT, INSERT, UPDATE, DELETE ON inbox, event_consumer TO helpdesk_worker;
GRANT SELECT, INSERT ON installation_secret TO helpdesk_worker;
GRANT SELECT ON migrations TO helpdesk_app, helpdesk_worker;

CREATE POLICY every_project ON ticket_counter TO helpdesk_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON ticket_counter TO helpdesk_worker;

DO $$ BEGIN
  EXECUTE format('CREATE POLICY search ON ticket_search FOR SELECT TO %I USING (true)', current_user);
END $$;
REVOKE ALL ON FUNCTION search_tickets(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION search_tickets(text) TO helpdesk_app;
`;
