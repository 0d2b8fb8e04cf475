import type { TestDatabase } from './test-database';

/** Stores one row as it is given, as the owner; columns that are not named have their defaults. */
export async function insertRow(
  { sql }: Pick<TestDatabase, 'sql'>,
  table: string,
  row: Readonly<Record<string, unknown>>,
): Promise<void> {
  const columns = Object.keys(row);
  const places = columns.map((_, index) => `$${index + 1}`);
  await sql(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${places.join(', ')})`, Object.values(row));
}
