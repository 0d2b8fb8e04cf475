import { execFile } from 'node:child_process';
import { lstat, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { DataFolder } from './data-folder';
import { OWNER_ROLE } from './data-folder';
import { EmbeddedPostgresError } from './embedded-postgres.errors';
import type { PostgresBinaries } from './postgres-binaries';
import type { ServerUser } from './server-user';
import { giveTo } from './server-user';

/**
 * How PostgreSQL programs are told their data directory. They start with it as working directory, and on Linux get it
 * by this name: so it is reached even below a folder that the server's user may not enter (a checkout in a home folder
 * of mode 0700, started by root).
 */
export function dataDirectoryArgument(directory: string): string {
  return process.platform === 'linux' ? '/proc/self/cwd' : directory;
}

/** Written into the cluster's postgresql.conf, where an operator may change them. */
const SETTINGS = [
  'shared_buffers=128MB',
  'max_connections=100',
  'work_mem=8MB',
  'timezone=UTC',
  'log_timezone=UTC',
  'log_checkpoints=off',
  // The log must hold no texts of messages: neither statements nor the rows named in the details of an error.
  'log_min_error_statement=panic',
  'log_error_verbosity=terse',
];

/** Whether the folder already holds a cluster. */
export async function clusterExists(folder: DataFolder): Promise<boolean> {
  return (await lstat(folder.cluster).catch(() => undefined)) !== undefined;
}

/**
 * Makes the cluster with its one role. It is made beside its place and moved there when complete, so that a start killed
 * half-way leaves nothing that the next one could take for data.
 */
export async function createCluster(
  folder: DataFolder,
  binaries: PostgresBinaries,
  user: ServerUser,
  password: string,
): Promise<void> {
  const workDir = join(folder.root, 'new-cluster');
  const directory = join(workDir, 'cluster');
  await rm(workDir, { recursive: true, force: true });
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await writeFile(join(workDir, 'password'), `${password}\n`, { mode: 0o600 });
  await giveTo(user, workDir);
  try {
    await promisify(execFile)(binaries.initdb, initdbArguments(directory), {
      ...user,
      cwd: directory,
      env: { LC_ALL: 'C', TZ: 'UTC' },
    });
    await rename(directory, folder.cluster);
  } catch (error) {
    throw new EmbeddedPostgresError(
      'start_failed',
      `PostgreSQL could not make its data directory in ${folder.root}: ${(error as Error).message.trim()}`,
    );
  } finally {
    await rm(workDir, { recursive: true, force: true });
  }
}

/** Sorting is by code point on every machine (built-in provider); full text needs the system's character classes. */
function initdbArguments(directory: string): string[] {
  return [
    `--pgdata=${dataDirectoryArgument(directory)}`,
    `--username=${OWNER_ROLE}`,
    '--auth=scram-sha-256',
    '--pwfile=../password',
    '--encoding=UTF8',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    `--locale=${process.platform === 'darwin' ? 'en_US.UTF-8' : 'C.UTF-8'}`,
    '--no-instructions',
    ...SETTINGS.map((setting) => `--set=${setting}`),
  ];
}
