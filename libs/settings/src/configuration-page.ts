import type { Tx } from '#database';

/** A list of a project's configuration, in the order of `keys`. All parts are SQL of the code, never of a request. */
export interface ConfigurationList {
  readonly table: string;
  /** The select list. */
  readonly columns: string;
  /** Beside the project; its values begin with $2. */
  readonly condition?: { readonly sql: string; readonly values: readonly unknown[] };
  /** Expressions that no two rows share as a whole, each with the type that its value in a position has. */
  readonly keys: ReadonlyArray<{ readonly sql: string; readonly type: string }>;
  readonly descending?: boolean;
}

/** Which page of a list. */
export interface ConfigurationPageRequest {
  readonly limit: number;
  readonly offset: number;
  /** The keys of the row behind which the page begins. */
  readonly after?: readonly unknown[];
}

/** One page of a list. */
export interface ConfigurationPage<Item> {
  readonly items: readonly Item[];
  /** How many there are in all; not counted behind a position. */
  readonly total?: number;
  /** The keys of the last row; undefined on the last page. */
  readonly next?: readonly unknown[];
}

/** Reads one page, and with it how many there are. */
export async function readConfigurationPage<Item>(
  tx: Tx,
  { table, columns, condition, keys, descending = false }: ConfigurationList,
  { limit, offset, after }: ConfigurationPageRequest,
): Promise<ConfigurationPage<Item>> {
  const values: unknown[] = [tx.scope.liveProjectId, ...(condition?.values ?? [])];
  const place = (value: unknown): string => `$${values.push(value)}`;
  const own = `project_id = $1${condition ? ` AND ${condition.sql}` : ''}`;
  const counting = after
    ? undefined
    : tx.query<{ total: number }>({
        text: `SELECT count(*)::int AS total FROM ${table} WHERE ${own}`,
        values: [...values],
      });
  const [order, direction] = [keys.map(({ sql }) => sql).join(', '), descending ? 'DESC' : 'ASC'];
  const behind = after
    ? `AND (${order}) ${descending ? '<' : '>'} (${keys.map(({ type }, index) => `${place(after[index])}::${type}`).join(', ')})`
    : '';
  const reading = tx.query<Item & { readonly place: unknown[] }>({
    text: `SELECT ${columns}, json_build_array(${order}) AS place FROM ${table} WHERE ${own} ${behind}
           ORDER BY ${keys.map(({ sql }) => `${sql} ${direction}`).join(', ')}
           LIMIT ${place(limit + 1)} OFFSET ${place(offset)}`,
    values,
  });
  const [count, rows] = await Promise.all([counting, reading]);
  const shown = rows.slice(0, limit);
  return {
    items: shown.map(({ place: _place, ...item }) => item as Item),
    total: count?.[0]?.total,
    next: rows.length > limit ? shown.at(-1)?.place : undefined,
  };
}
