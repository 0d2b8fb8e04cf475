import type { TestDatabase } from '#testing';

/** Tables whose rows belong to the live project and are seen from both of its sides. */
const OF_THE_WHOLE_PROJECT = [
  'api_key',
  'member',
  'helpdesk_settings',
  'ticket_type',
  'canned_response',
  'routing_rule',
  'config_history',
  'project',
];

/** What is kept of a project's side. */
export interface TenantRows {
  /** Number and digest of the rows of each table. */
  readonly tables: Readonly<Record<string, string>>;
  /** Every id that stands in them. */
  readonly ids: ReadonlySet<string>;
}

/** Reads the rows of one side; with `whole`, also those that it shares with the other one. */
export async function readTenantRows(
  { sql }: Pick<TestDatabase, 'sql'>,
  projectId: string,
  { whole }: { readonly whole: boolean },
): Promise<TenantRows> {
  const tables = (await tablesOf({ sql })).filter(({ table }) => whole || !OF_THE_WHOLE_PROJECT.includes(table));
  const rows = await sql<{ table: string; digest: string; ids: string[] | null }>(
    tables.map(digestOf).join(' UNION ALL '),
    [projectId],
  );
  return {
    tables: Object.fromEntries(rows.map(({ table, digest }) => [table, digest])),
    ids: new Set(rows.flatMap(({ ids }) => ids ?? [])),
  };
}

function digestOf({ table, column }: { readonly table: string; readonly column: string }): string {
  return `SELECT '${table}' AS table,
            count(*) || ' ' || md5(coalesce(string_agg(md5(t::text), '' ORDER BY md5(t::text)), '')) AS digest,
            array_agg(to_jsonb(t)->>'id') FILTER (WHERE to_jsonb(t)->>'id' LIKE '________-____-%') AS ids
          FROM ${table} t WHERE ${column} = $1`;
}

async function tablesOf({ sql }: Pick<TestDatabase, 'sql'>): Promise<{ table: string; column: string }[]> {
  const tables = await sql<{ table: string }>(
    `SELECT table_name AS table FROM information_schema.columns
     WHERE table_schema = 'public' AND column_name = 'project_id' ORDER BY 1`,
  );
  return [...tables.map(({ table }) => ({ table, column: 'project_id' })), { table: 'project', column: 'id' }];
}
