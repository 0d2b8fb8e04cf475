import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { EmbeddedPostgresError } from './embedded-postgres.errors';

/** The one role of the embedded server; it owns the database of the product. */
export const OWNER_ROLE = 'helpdesk';
/** The database of the product. */
export const DATABASE_NAME = 'helpdesk';

/** What lies where in the data folder. Everything belongs to us, except `cluster`: that belongs to the server's user. */
export interface DataFolder {
  readonly root: string;
  /** PostgreSQL's own data directory. */
  readonly cluster: string;
  readonly log: string;
  readonly passwordFile: string;
  /** Names the process that runs the server: see `claim-data-folder.ts`. */
  readonly claimFile: string;
}

/** The places in a data folder; touches nothing. */
export function describeDataFolder(dataDir: string): DataFolder {
  const root = resolve(dataDir);
  return {
    root,
    cluster: join(root, 'cluster'),
    log: join(root, 'postgres.log'),
    passwordFile: join(root, 'password'),
    claimFile: join(root, 'running.json'),
  };
}

/**
 * Makes the folder, for nobody else's eyes.
 * @throws {EmbeddedPostgresError} `unusable_folder` when it cannot be made or written.
 */
export async function openDataFolder(dataDir: string): Promise<DataFolder> {
  const folder = describeDataFolder(dataDir);
  try {
    await mkdir(folder.root, { recursive: true, mode: 0o700 });
    await chmod(folder.root, 0o700);
  } catch (error) {
    throw new EmbeddedPostgresError(
      'unusable_folder',
      `The data folder ${folder.root} cannot be used (${(error as Error).message}). ` +
        'Give it to the user that starts the server, or name another one.',
    );
  }
  return folder;
}

/** The owner role's password; made at the first start, before the cluster that knows it. */
export async function ensurePassword(folder: DataFolder, clusterExists: boolean): Promise<string> {
  const found = await readPassword(folder);
  if (found !== undefined) {
    return found;
  }
  if (clusterExists) {
    throw new EmbeddedPostgresError(
      'unusable_folder',
      `${folder.passwordFile} is missing, and the data in ${folder.cluster} opens only with it. Put the file back.`,
    );
  }
  const password = randomBytes(24).toString('hex');
  await writeFile(folder.passwordFile, `${password}\n`, { mode: 0o600, flush: true });
  return password;
}

/** The owner role's password, unless there is none yet. */
export async function readPassword(folder: DataFolder): Promise<string | undefined> {
  try {
    return (await readFile(folder.passwordFile, 'utf8')).trim() || undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
}

/** How to connect as the owner role. The password is of letters and digits, so it needs no escaping. */
export function ownerUrl(password: string, port: number, database: string = DATABASE_NAME): string {
  return `postgres://${OWNER_ROLE}:${password}@127.0.0.1:${port}/${database}`;
}
