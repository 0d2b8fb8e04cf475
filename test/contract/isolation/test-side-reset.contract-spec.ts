import { randomUUID } from 'node:crypto';
import { insertRow } from '#testing';
import type { TestProject } from '../../support/test-project';
import { startTestService } from '../../support/test-service';
import type { TestService } from '../../support/test-service';
import { Tenant } from './tenant';
import { readTenantRows } from './tenant-rows';

/** Tables that keep their row of an emptied test side, and why. */
const KEPT: Readonly<Record<string, string>> = {
  ticket_counter: 'numbers begin at 1 again in the same row',
  event_log_head: 'positions go on, so that every cursor from before expires',
  rate_limit: 'requests were made, whatever has become of their effects',
};

/** Rows that no column says how to make: what they must say so that their table takes them. */
const ROWS: Readonly<Record<string, (tenant: Tenant) => Readonly<Record<string, unknown>>>> = {
  ticket_routing: ({ ids }) => ({ ticket_id: ids['ticket'], rules: '[]', applied: '[]' }),
  event_delivery: () => ({ outbox_id: 1, consumer: 'test.reset', status: 'dead' }),
  rate_limit: () => ({ previous_count: 1, current_count: 1, granted: 1 }),
};

/** A value of a column's type. */
const VALUES: Readonly<Record<string, () => unknown>> = {
  uuid: randomUUID,
  text: () => 'x',
  boolean: () => true,
  jsonb: () => '{}',
  bytea: () => Buffer.from('x'),
  ARRAY: () => [],
  date: () => new Date(),
  'timestamp with time zone': () => new Date(),
};

describe('emptying a test side', () => {
  let service: TestService;
  let project: TestProject;
  let tenant: Tenant;
  let tables: readonly string[];

  beforeAll(async () => {
    service = await startTestService();
    project = await service.createProject();
    tenant = await Tenant.settle(service, project, { side: 'test', firstNumber: 1 });
    await Tenant.settle(service, project, { side: 'live', firstNumber: 1 });
    const headers = { 'Idempotency-Key': 'emptying-a-side' };
    await tenant.request('POST', '/v1/helpdesk/tickets', { body: { text: 'Once' }, headers });
    await tenant.request('POST', '/v1/test/clock', { body: { advance_seconds: 60 } });
    tables = await tablesOfSides();
    for (const table of tables) {
      await fill(table);
    }
  });
  afterAll(() => service.close());

  /** As the policies have it: whose rows are those of a side, and not of the project as a whole. */
  async function tablesOfSides(): Promise<string[]> {
    const rows = await service.db.sql<{ name: string }>(
      `SELECT c.table_name AS name FROM information_schema.columns c
       JOIN pg_policies p ON p.schemaname = c.table_schema AND p.tablename = c.table_name AND p.policyname = 'own_project'
       WHERE c.table_schema = 'public' AND c.column_name = 'project_id' AND p.qual LIKE '%app.project_id%' ORDER BY 1`,
    );
    return rows.map(({ name }) => name);
  }

  async function count(table: string, projectId = project.testProjectId): Promise<number> {
    const [row] = await service.db.sql<{ n: number }>(`SELECT count(*)::int AS n FROM ${table} WHERE project_id = $1`, [
      projectId,
    ]);
    return row?.n ?? 0;
  }

  /** Gives a table that has none a row of the side, whatever it may mean. */
  async function fill(table: string): Promise<void> {
    if ((await count(table)) > 0) {
      return;
    }
    const columns = await service.db.sql<{ name: string; type: string }>(
      `SELECT column_name AS name, data_type AS type FROM information_schema.columns
       WHERE table_schema = 'public' AND table_name = $1 AND is_nullable = 'NO' AND column_default IS NULL
         AND is_identity = 'NO' AND is_generated = 'NEVER'`,
      [table],
    );
    const row = Object.fromEntries(columns.map(({ name, type }) => [name, (VALUES[type] ?? (() => 1))()]));
    const own = { project_id: project.testProjectId, ...ROWS[table]?.(tenant) };
    await insertRow(service.db, table, { ...row, ...own }).catch((error: unknown) => {
      throw new Error(`Say in ROWS how a row of ${table} is made, so that it is seen to go: ${String(error)}`);
    });
  }

  it('takes everything that belongs to it, from every table that there is, and nothing of the live side', async () => {
    const counts = async () =>
      Object.fromEntries(await Promise.all(tables.map(async (one) => [one, await count(one)])));
    const live = async () => {
      const rows = await readTenantRows(service.db, project.projectId, { whole: true });
      // A use of a key is noted beside the request.
      return { ...rows.tables, api_key: undefined };
    };
    const full = await counts();
    expect(Object.entries(full).filter(([, rows]) => rows === 0)).toEqual([]);
    const before = await live();
    expect((await tenant.request('POST', '/v1/test/reset')).status).toBe(200);
    const kept = Object.fromEntries(Object.keys(KEPT).map((table) => [table, 1]));
    expect(await counts()).toEqual({ ...Object.fromEntries(tables.map((table) => [table, 0])), ...kept });
    expect(await live()).toEqual(before);
    const [side] = await service.db.sql('SELECT clock_offset_ms::int AS ms FROM project WHERE id = $1', [
      project.testProjectId,
    ]);
    expect(side).toEqual({ ms: 0 });
  });

  it('leaves no table out: every one with a project belongs to a side or to the project as a whole', async () => {
    const rows = await service.db.sql<{ name: string }>(
      `SELECT c.table_name AS name FROM information_schema.columns c
       WHERE c.table_schema = 'public' AND c.column_name = 'project_id' AND NOT EXISTS (
         SELECT FROM pg_policies p WHERE p.tablename = c.table_name AND p.policyname = 'own_project')`,
    );
    expect(rows).toEqual([]);
  });
});
