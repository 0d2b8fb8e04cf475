import { EmbeddedPostgresError, findEmbeddedPostgres, migrateUp, startEmbeddedPostgres } from '#database';
import type { EmbeddedPostgres } from '#database';
import { dataFolderPaths } from '#platform';
import type { Environment } from '#platform';

/** How a command wants its database. */
export interface DatabaseWish {
  /** Whether an embedded database that the command itself has to start is migrated first, as `npm start` does. */
  readonly migrated: boolean;
}

/**
 * Works on the database of DATABASE_URL; without it on the embedded one, beside a running `npm start` or, when none runs, on a
 * server that is started for this command alone.
 * @throws {EmbeddedPostgresError} when that cannot be started.
 */
export async function withDatabase<T>(
  environment: Environment,
  work: (url: string) => Promise<T>,
  wish: DatabaseWish = { migrated: true },
): Promise<T> {
  const running = environment.DATABASE_URL ?? (await findEmbeddedPostgres({ dataDir: dataDirOf(environment) }));
  if (running !== undefined) {
    return work(running);
  }
  const server = await startOwn(environment);
  if (typeof server === 'string') {
    return work(server);
  }
  try {
    if (wish.migrated) {
      await migrateUp(server.url);
    }
    return await work(server.url);
  } finally {
    await server.stop();
  }
}

/** Answers the other server's address when an `npm start` was faster. */
async function startOwn(environment: Environment): Promise<EmbeddedPostgres | string> {
  const dataDir = dataDirOf(environment);
  try {
    return await startEmbeddedPostgres({ dataDir });
  } catch (error) {
    const other = isTaken(error) ? await findEmbeddedPostgres({ dataDir }) : undefined;
    if (other === undefined) {
      throw error;
    }
    return other;
  }
}

const dataDirOf = (environment: Environment): string => dataFolderPaths(environment).postgres;

const isTaken = (error: unknown): boolean => error instanceof EmbeddedPostgresError && error.fault === 'in_use';
