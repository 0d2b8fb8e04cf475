import { migrateUp } from '#database';
import { messageOf, readEnvironment } from '#platform';

/**
 * Brings the database of DATABASE_URL up to date and ends: 0 when it is, 1 with one line when it could not. Any number may run
 * at once.
 */
async function migrate(): Promise<void> {
  const { DATABASE_URL: url } = readEnvironment();
  if (!url) {
    throw new Error('DATABASE_URL is not set. Name the PostgreSQL server whose database is to be migrated.');
  }
  const applied = await migrateUp(url);
  for (const name of applied) {
    process.stdout.write(`${JSON.stringify({ event: 'migration.applied', name })}\n`);
  }
  process.stdout.write(`${JSON.stringify({ event: 'migrations.done', applied: applied.length })}\n`);
}

migrate().catch((error: unknown) => {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 1;
});
