import { APP_ROLE, WORKER_ROLE } from '#schema';
import { createTestDatabase } from '#testing';
import type { TestDatabase } from '#testing';

/** Tables that belong to no project: of the whole installation, of its consumers, of the migrations. */
const WITHOUT_PROJECT = ['event_consumer', 'inbox', 'installation_secret', 'migrations', 'project', 'typeorm_metadata'];

/** A queue that is read by consumer, and whose rows live until they are consumed. */
const NOT_LED_BY_PROJECT = ['event_delivery'];

/** Functions that run as the owner, past row-level security: each names the project itself. */
const OWNERS_FUNCTIONS = ['reset_test_side', 'search_tickets'];

interface Row {
  readonly [column: string]: unknown;
}

describe('the schema', () => {
  let db: TestDatabase;
  const names = async (text: string, values: unknown[] = []): Promise<string[]> =>
    (await db.sql<{ name: string }>(text, values)).map(({ name }) => name).toSorted();
  const tenantTables = () =>
    names(`SELECT table_name AS name FROM information_schema.columns
           WHERE table_schema = 'public' AND column_name = 'project_id'`);

  beforeAll(async () => {
    db = await createTestDatabase();
  });
  afterAll(() => db.drop());

  it('has a project in every table but those of the whole installation', async () => {
    const all = await names(`SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'`);
    expect(all.filter((table) => !WITHOUT_PROJECT.includes(table))).toEqual(await tenantTables());
  });

  it('has row-level security on and forced in every table of a project', async () => {
    const secured = await names(`SELECT relname AS name FROM pg_class
      WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relrowsecurity AND relforcerowsecurity`);
    expect(secured).toEqual([...(await tenantTables()), 'project'].toSorted());
  });

  it('shows the application in every table its own project alone', async () => {
    const policies = await db.sql<{ name: string; own: string; checked: string | null }>(
      `SELECT tablename AS name, qual AS own, with_check AS checked FROM pg_policies WHERE $1 = ANY(roles) ORDER BY 1`,
      [APP_ROLE],
    );
    expect(policies.map(({ name }) => name)).toEqual([...(await tenantTables()), 'project'].toSorted());
    for (const { name, own, checked } of policies.filter(({ name: table }) => table !== 'project')) {
      expect([name, own]).toEqual([
        name,
        expect.stringMatching(
          /^\(project_id = \(NULLIF\(current_setting\('app\.(live_)?project_id'::text, true\), ''::text\)\)::uuid\)$/,
        ),
      ]);
      expect([name, checked]).toEqual([name, own]);
    }
  });

  it('opens no table to everybody', async () => {
    expect(
      await names(`SELECT tablename || '.' || policyname AS name FROM pg_policies WHERE 'public' = ANY(roles)`),
    ).toEqual([]);
    expect(
      await names(`SELECT table_name AS name FROM information_schema.role_table_grants
                   WHERE table_schema = 'public' AND grantee = 'PUBLIC'`),
    ).toEqual([]);
  });

  it('has an index that begins with the project in every table of a project', async () => {
    const led = await names(`SELECT DISTINCT i.indrelid::regclass::text AS name FROM pg_index i
      JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
      WHERE a.attname = 'project_id' AND i.indpred IS NULL`);
    const wanted = (await tenantTables()).filter((table) => !NOT_LED_BY_PROJECT.includes(table));
    expect(wanted.filter((table) => !led.includes(table))).toEqual([]);
  });

  it('takes the project along in every reference between tables of projects', async () => {
    const references = await db.sql<{ name: string; from: string[]; to: string[]; target: string }>(
      `SELECT c.conname AS name, c.confrelid::regclass::text AS target,
         (SELECT array_agg(a.attname::text ORDER BY k.place) FROM unnest(c.conkey) WITH ORDINALITY k(number, place)
          JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.number) AS from,
         (SELECT array_agg(a.attname::text ORDER BY k.place) FROM unnest(c.confkey) WITH ORDINALITY k(number, place)
          JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.number) AS to
       FROM pg_constraint c WHERE c.contype = 'f' AND c.connamespace = 'public'::regnamespace ORDER BY 1`,
    );
    expect(references.length).toBeGreaterThan(5);
    for (const { name, from, to, target } of references) {
      const project = target === 'project' ? 'id' : 'project_id';
      expect([name, to[0], ['project_id', 'live_project_id'].includes(from[0] ?? '')]).toEqual([name, project, true]);
    }
  });

  it.each([APP_ROLE, WORKER_ROLE])(
    'gives %s no power over itself: it owns nothing and can make nothing',
    async (role) => {
      const [found] = await db.sql<Row>(
        `SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolcanlogin, rolreplication,
         has_schema_privilege($1, 'public', 'CREATE') AS creates_in_schema,
         has_database_privilege($1, current_database(), 'CREATE') AS creates_schemas,
         (SELECT count(*)::int FROM pg_class WHERE relowner = r.oid) AS relations,
         (SELECT count(*)::int FROM pg_proc WHERE proowner = r.oid) AS functions,
         (SELECT count(*)::int FROM pg_namespace WHERE nspowner = r.oid) AS schemas,
         (SELECT count(*)::int FROM pg_database WHERE datdba = r.oid) AS databases,
         (SELECT count(*)::int FROM pg_auth_members WHERE member = r.oid) AS memberships
       FROM pg_roles r WHERE rolname = $1`,
        [role],
      );
      const nothing = [
        ...[
          'rolsuper',
          'rolbypassrls',
          'rolcreaterole',
          'rolcreatedb',
          'rolcanlogin',
          'rolreplication',
          'creates_in_schema',
          'creates_schemas',
        ].map((name) => [name, false]),
        ...['relations', 'functions', 'schemas', 'databases', 'memberships'].map((name) => [name, 0]),
      ];
      expect(found).toEqual(Object.fromEntries(nothing));
    },
  );

  it('grants rows alone, and the application no table of the whole installation', async () => {
    const grants = await db.sql<{ role: string; table: string; right: string }>(
      `SELECT grantee AS role, table_name AS table, privilege_type AS right FROM information_schema.role_table_grants
       WHERE table_schema = 'public' AND grantee = ANY($1)`,
      [[APP_ROLE, WORKER_ROLE]],
    );
    const rights = new Set(grants.map(({ right }) => right));
    expect([...rights].toSorted()).toEqual(['DELETE', 'INSERT', 'SELECT', 'UPDATE']);
    const ofApp = grants.filter(({ role, table }) => role === APP_ROLE && WITHOUT_PROJECT.includes(table));
    expect(ofApp.map(({ table, right }) => `${right} ${table}`).toSorted()).toEqual([
      'SELECT migrations',
      'SELECT project',
    ]);
    expect(grants.filter(({ role, right }) => role === APP_ROLE && right === 'DELETE')).toEqual([]);
  });

  it('lets nobody rewrite history, nor the application an event', async () => {
    const grants = await names(
      `SELECT grantee || ' ' || privilege_type || ' ' || table_name AS name FROM information_schema.role_table_grants
       WHERE table_name IN ('ticket_history', 'config_history', 'outbox') AND grantee = ANY($1)`,
      [[APP_ROLE, WORKER_ROLE]],
    );
    expect(grants.filter((grant) => grant.includes('_history') || grant.startsWith(APP_ROLE))).toEqual([
      `${APP_ROLE} INSERT config_history`,
      `${APP_ROLE} INSERT outbox`,
      `${APP_ROLE} INSERT ticket_history`,
      `${APP_ROLE} SELECT config_history`,
      `${APP_ROLE} SELECT outbox`,
      `${APP_ROLE} SELECT ticket_history`,
    ]);
  });

  it('has few functions that run as the owner, closed to everybody else and to other search paths', async () => {
    const functions = await db.sql<{ name: string; public: boolean; path: string[] | null }>(
      `SELECT proname AS name, has_function_privilege('public', oid, 'EXECUTE') AS public, proconfig AS path
       FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef ORDER BY 1`,
    );
    expect(functions).toEqual(
      OWNERS_FUNCTIONS.map((name) => ({ name, public: false, path: ['search_path=public, pg_temp'] })),
    );
  });

  it('connects the product in these roles', async () => {
    const asked = 'SELECT current_user AS role';
    expect(await db.database.app.query(asked)).toEqual([{ role: APP_ROLE }]);
    expect(await db.database.worker.query(asked)).toEqual([{ role: WORKER_ROLE }]);
  });
});
