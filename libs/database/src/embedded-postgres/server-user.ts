import { execFileSync } from 'node:child_process';
import { lchown, lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { EmbeddedPostgresError } from './embedded-postgres.errors';

/** The user that PostgreSQL runs as when we are root, as spawn options; empty when it runs as ourselves. */
export interface ServerUser {
  readonly uid?: number;
  readonly gid?: number;
}

const CANDIDATES = ['postgres', '_postgres', 'nobody'];

/**
 * PostgreSQL refuses to run as root. So under root it runs as the user that owns the cluster, and a new cluster goes to
 * the system's `postgres` user or, without one, to `nobody`.
 */
export async function chooseServerUser(clusterDir: string): Promise<ServerUser> {
  if (process.getuid?.() !== 0) {
    return {};
  }
  const found = await lstat(clusterDir).catch(() => undefined);
  if (found !== undefined && found.uid !== 0) {
    return { uid: found.uid, gid: found.gid };
  }
  for (const name of CANDIDATES) {
    const user = lookUp(name);
    if (user !== undefined) {
      return user;
    }
  }
  throw new EmbeddedPostgresError(
    'unsupported',
    'PostgreSQL does not run as root, and this machine has neither a user "postgres" nor "nobody". ' +
      'Start as another user, or set DATABASE_URL to a PostgreSQL server.',
  );
}

/** Gives a folder and all in it to the server's user. */
export async function giveTo(user: ServerUser, path: string): Promise<void> {
  if (user.uid === undefined || user.gid === undefined) {
    return;
  }
  await lchown(path, user.uid, user.gid);
  if ((await lstat(path)).isDirectory()) {
    for (const name of await readdir(path)) {
      await giveTo(user, join(path, name));
    }
  }
}

function lookUp(name: string): ServerUser | undefined {
  try {
    return { uid: id('-u', name), gid: id('-g', name) };
  } catch {
    return undefined;
  }
}

function id(flag: '-u' | '-g', name: string): number {
  return Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
}
