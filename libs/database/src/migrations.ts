import type { DataSource } from 'typeorm';
import { MIGRATIONS } from '#schema';
import { createOwnerDataSource } from './data-source';
import { DatabaseUnusableError } from './database-unusable.error';

/** Serialises concurrent runners; any number that no other user of the database takes. */
const MIGRATION_LOCK = 4_736_251;

/** The schema is older than the code. */
export class PendingMigrationsError extends Error {
  constructor(readonly pending: readonly string[]) {
    super(
      `The database lacks ${pending.length} migration(s): ${pending.join(', ')}. Run \`npx helpdesk migrate up\` first.`,
    );
    this.name = 'PendingMigrationsError';
  }
}

/** One migration of the stream and whether this database has it. */
export interface MigrationStatus {
  readonly name: string;
  readonly applied: boolean;
}

/**
 * Says of every migration whether the database has it.
 * @throws {DatabaseUnusableError} when it cannot be reached.
 */
export async function migrationStatus(url: string): Promise<MigrationStatus[]> {
  const source = await openAsOwner(url);
  try {
    const [table] = await source.query<Array<{ present: boolean }>>(
      `SELECT to_regclass('migrations') IS NOT NULL AS present`,
    );
    const rows = table?.present ? await source.query<Array<{ name: string }>>('SELECT name FROM migrations') : [];
    const applied = new Set(rows.map((row) => row.name));
    return MIGRATIONS.map(({ name }) => ({ name, applied: applied.has(name) }));
  } finally {
    await source.destroy();
  }
}

/** @throws {PendingMigrationsError} when a migration is missing; {DatabaseUnusableError} when there is no database. */
export async function assertMigrated(url: string): Promise<void> {
  const pending = (await migrationStatus(url)).filter((migration) => !migration.applied);
  if (pending.length > 0) {
    throw new PendingMigrationsError(pending.map((migration) => migration.name));
  }
}

/**
 * Brings the schema up to date, each migration in a transaction of its own. Any number of processes may call it at once: one
 * works, the others wait and find nothing left to do.
 * @returns the names of the migrations that this call applied.
 * @throws {DatabaseUnusableError} when it cannot be reached.
 */
export async function migrateUp(url: string): Promise<string[]> {
  const source = await openAsOwner(url);
  const guard = source.createQueryRunner();
  try {
    // The session lock needs no time limit: the runner ahead holds it for as long as its migrations take.
    await guard.query('SET lock_timeout = 0');
    await guard.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const applied = await source.runMigrations({ transaction: 'each' });
    return applied.map((migration) => migration.name);
  } finally {
    await guard.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]).catch(() => undefined);
    await guard.release();
    await source.destroy();
  }
}

async function openAsOwner(url: string): Promise<DataSource> {
  try {
    return await createOwnerDataSource(url).initialize();
  } catch (error) {
    throw new DatabaseUnusableError(url, error);
  }
}
