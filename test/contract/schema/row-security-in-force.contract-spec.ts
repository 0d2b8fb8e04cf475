import { Client } from 'pg';
import { APP_ROLE } from '#schema';
import { insertRow } from '#testing';
import { startTestService } from '../../support/test-service';
import type { TestService } from '../../support/test-service';
import { Tenant } from '../isolation/tenant';

/** What Postgres says of a refused statement, and of a row that row-level security refuses. */
const DENIED = '42501';

interface Row {
  readonly [column: string]: unknown;
}

describe('the application, bound to one project', () => {
  let service: TestService;
  let mine: Tenant;
  let others: Tenant;
  let client: Client;
  let tables: string[];

  beforeAll(async () => {
    // With a limit, so that requests are counted.
    service = await startTestService({ env: { RATE_LIMIT_PER_MINUTE: '100000' } });
    mine = await Tenant.settle(service, await service.createProject(), { side: 'live', firstNumber: 1 });
    others = await Tenant.settle(service, await service.createProject(), { side: 'live', firstNumber: 1 });
    for (const tenant of [mine, others]) {
      await fill(tenant);
    }
    tables = (
      await service.db.sql<{ name: string }>(
        `SELECT table_name AS name FROM information_schema.columns
         WHERE table_schema = 'public' AND column_name = 'project_id' ORDER BY 1`,
      )
    ).map(({ name }) => name);
    client = await connectAs(APP_ROLE, service.db.url);
  });
  afterAll(async () => {
    await client?.end();
    await service.close();
  });

  /** What else there is: a repeatable request, and what no consumer or scan is here for: a delivery, a routing, a roll-up. */
  async function fill(tenant: Tenant): Promise<void> {
    const { db } = service;
    const headers = { 'Idempotency-Key': 'row-security' };
    await tenant.request('POST', '/v1/helpdesk/tickets', { body: { text: 'Once' }, headers });
    const [event] = await db.sql<Row>('SELECT id, event_id, aggregate_id FROM outbox WHERE project_id = $1', [
      tenant.projectId,
    ]);
    const project_id = tenant.projectId;
    const now = new Date();
    await insertRow(db, 'event_delivery', {
      outbox_id: event?.['id'],
      consumer: 'test.row-security',
      event_id: event?.['event_id'],
      aggregate_id: event?.['aggregate_id'],
      project_id,
      next_at: now,
      created_at: now,
      status: 'dead',
    });
    await insertRow(db, 'ticket_routing', {
      project_id,
      ticket_id: tenant.ids['ticket'],
      evaluated_at: now,
      rules: '[]',
      applied: '[]',
    });
    const none = Buffer.alloc(0);
    const columns = { facts: 0, times: none, keys: none, amounts: none };
    await insertRow(db, 'report_day', { project_id, day: '2026-11-24', kind: 'created', ...columns });
    await insertRow(db, 'report_key', { project_id, code: 0, channel: 'virtual' });
  }

  /** Runs one statement in a transaction of the application's role; answers how many rows it met, or the error's code. */
  async function attempt(
    text: string,
    values: unknown[],
    projectId: string | null = mine.projectId,
  ): Promise<number | string> {
    await client.query('BEGIN');
    try {
      if (projectId !== null) {
        await client.query(
          `SELECT set_config('app.project_id', $1, true), set_config('app.live_project_id', $1, true)`,
          [projectId],
        );
      }
      return (await client.query(text, values)).rowCount ?? 0;
    } catch (error) {
      return (error as { code: string }).code;
    } finally {
      await client.query('ROLLBACK');
    }
  }

  /** Answers for each table, so that a failure names them all. */
  const ofEach = async <T>(look: (table: string) => Promise<T>): Promise<Record<string, T>> =>
    Object.fromEntries(await inTurn(tables, async (table) => [table, await look(table)] as const));

  const same = <T>(value: T): Record<string, T> => Object.fromEntries(tables.map((table) => [table, value]));

  it('sees its own rows in every table', async () => {
    const counts = await ofEach((table) => attempt(`SELECT FROM ${table}`, []));
    const owned = await ofEach(
      async (table) => (await service.db.sql(`SELECT FROM ${table} WHERE project_id = $1`, [mine.projectId])).length,
    );
    expect(counts).toEqual(owned);
    expect(Object.entries(owned).filter(([, count]) => count === 0)).toEqual([]);
  });

  it('sees no row of another project, even when it asks for it', async () => {
    expect(await ofEach((table) => attempt(`SELECT FROM ${table} WHERE project_id = $1`, [others.projectId]))).toEqual(
      same(0),
    );
    expect(
      await ofEach(
        async (table) =>
          (await service.db.sql(`SELECT FROM ${table} WHERE project_id = $1`, [others.projectId])).length > 0,
      ),
    ).toEqual(same(true));
  });

  it('sees nothing at all without a project, also after a transaction that had one', async () => {
    await attempt('SELECT FROM ticket', []);
    expect(await ofEach((table) => attempt(`SELECT FROM ${table}`, [], null))).toEqual(same(0));
  });

  it('changes and deletes nothing of another project', async () => {
    const changed = await ofEach((table) =>
      attempt(`UPDATE ${table} SET project_id = project_id WHERE project_id = $1`, [others.projectId]),
    );
    const deleted = await ofEach((table) => attempt(`DELETE FROM ${table} WHERE project_id = $1`, [others.projectId]));
    expect(Object.values(changed).filter((outcome) => outcome !== 0 && outcome !== DENIED)).toEqual([]);
    expect(deleted).toEqual(same(DENIED));
  });

  it('gives no row of its own to another project', async () => {
    const outcomes = await ofEach((table) => attempt(`UPDATE ${table} SET project_id = $1`, [others.projectId]));
    expect(outcomes).toEqual(same(DENIED));
  });

  it('stores no row in another project', async () => {
    const outcomes = await ofEach(async (table) => {
      const columns = await storableColumns(table);
      const [row] = await service.db.sql<Row>(`SELECT to_jsonb(t) AS row FROM ${table} t WHERE project_id = $1`, [
        others.projectId,
      ]);
      const list = columns.map((column) => `"${column}"`).join(', ');
      return attempt(`INSERT INTO ${table} (${list}) SELECT ${list} FROM jsonb_populate_record(NULL::${table}, $1)`, [
        row?.['row'],
      ]);
    });
    expect(outcomes).toEqual(same(DENIED));
  });

  async function storableColumns(table: string): Promise<string[]> {
    const columns = await service.db.sql<{ name: string }>(
      `SELECT column_name AS name FROM information_schema.columns
       WHERE table_schema = 'public' AND table_name = $1 AND is_generated = 'NEVER' AND is_identity = 'NO'`,
      [table],
    );
    return columns.map(({ name }) => name);
  }

  it.each(['ticket_history', 'config_history'])('cannot touch its own %s once it is written', async (history) => {
    expect(await attempt(`UPDATE ${history} SET action = action`, [])).toBe(DENIED);
    expect(await attempt(`DELETE FROM ${history}`, [])).toBe(DENIED);
    expect(await attempt(`TRUNCATE ${history}`, [])).toBe(DENIED);
  });

  it('cannot change the schema or its own bounds', async () => {
    for (const text of [
      'CREATE TABLE mine ()',
      'ALTER TABLE ticket DISABLE ROW LEVEL SECURITY',
      'DROP POLICY own_project ON ticket',
      'DROP TABLE ticket',
    ]) {
      expect([text, await attempt(text, [])]).toEqual([text, DENIED]);
    }
  });

  it('finds by full text in its own project alone', async () => {
    const found = 'SELECT * FROM search_tickets($1)';
    expect(await attempt(found, [mine.ids['word']])).toBeGreaterThan(0);
    expect(await attempt(found, [others.ids['word']])).toBe(0);
    expect(await attempt(found, [mine.ids['word']], null)).toBe(0);
  });

  it('cannot empty a live side, its own included', async () => {
    expect(await attempt('SELECT reset_test_side()', [])).toBe('P0001');
    expect(await attempt('SELECT reset_test_side()', [], others.projectId)).toBe('P0001');
  });
});

async function connectAs(role: string, url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(`SET ROLE ${role}`);
  return client;
}

async function inTurn<From, To>(list: readonly From[], work: (item: From) => Promise<To>): Promise<To[]> {
  const done: To[] = [];
  for (const item of list) {
    done.push(await work(item));
  }
  return done;
}
