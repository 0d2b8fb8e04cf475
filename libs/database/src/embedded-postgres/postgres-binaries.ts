import { execFile } from 'node:child_process';
import { chmod, cp, lstat, mkdir, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { EmbeddedPostgresError } from './embedded-postgres.errors';
import type { ServerUser } from './server-user';

/** Paths of programs that the server's user can run. */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

interface ShippedBinaries {
  readonly nativeDir: string;
  readonly version: string;
}

const MEND = 'Set DATABASE_URL to a PostgreSQL server (15 or newer).';

/**
 * Finds the installed binaries and makes them runnable for the server's user: completes their symbolic links (npm
 * packages carry none, and install scripts may be off), and copies them when that user cannot reach them, as below a
 * home folder of mode 0700, or when the installation is read-only.
 * @param spareDir our own folder, for a copy when nobody else has to reach it.
 * @throws {EmbeddedPostgresError} `unsupported` when this machine cannot run them.
 */
export async function preparePostgresBinaries(user: ServerUser, spareDir: string): Promise<PostgresBinaries> {
  const shipped = await locateShippedBinaries();
  let fault = await makeRunnable(shipped.nativeDir, user);
  if (fault === undefined) {
    return programsIn(shipped.nativeDir);
  }
  for (const parent of user.uid === undefined ? [spareDir] : ['/var/cache/helpdesk', join(tmpdir(), 'helpdesk')]) {
    try {
      const copy = await copyOnce(shipped, parent, user);
      fault = await makeRunnable(copy, user);
      if (fault === undefined) {
        return programsIn(copy);
      }
    } catch (error) {
      fault = (error as Error).message;
    }
  }
  throw new EmbeddedPostgresError(
    'unsupported',
    `The embedded PostgreSQL does not run on this machine: ${fault} It is built for Linux with glibc and for macOS. ${MEND}`,
  );
}

async function locateShippedBinaries(): Promise<ShippedBinaries> {
  if (process.platform === 'win32') {
    throw new EmbeddedPostgresError(
      'unsupported',
      `On Windows the embedded PostgreSQL runs only inside WSL. There, or: ${MEND}`,
    );
  }
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const packageDir = dirname(dirname(require.resolve(name)));
    const manifest = JSON.parse(await readFile(join(packageDir, 'package.json'), 'utf8')) as { version: string };
    return { nativeDir: join(packageDir, 'native'), version: manifest.version };
  } catch {
    throw new EmbeddedPostgresError(
      'unsupported',
      `The embedded PostgreSQL for this machine (optional package ${name}) is not installed. ` +
        `Install with optional packages (npm ci --ignore-scripts --include=optional), or: ${MEND}`,
    );
  }
}

const programsIn = (nativeDir: string): PostgresBinaries => ({
  initdb: join(nativeDir, 'bin', 'initdb'),
  postgres: join(nativeDir, 'bin', 'postgres'),
});

/** Trying is the only sure test: it meets modes, access lists, mount options and missing libraries alike. */
async function makeRunnable(nativeDir: string, user: ServerUser): Promise<string | undefined> {
  try {
    await hydrateSymlinks(nativeDir);
    for (const program of Object.values(programsIn(nativeDir)) as string[]) {
      await promisify(execFile)(program, ['--version'], { ...user, env: { LC_ALL: 'C' } });
    }
    return undefined;
  } catch (error) {
    return (error as Error).message.trim();
  }
}

/** The package lists its symbolic links in a file, as paths from the package's folder; those that exist are kept. */
async function hydrateSymlinks(nativeDir: string): Promise<void> {
  const list = await readFile(join(nativeDir, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const path = join(nativeDir, relative('native', target));
    await symlink(relative(dirname(target), source), path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') {
        throw error;
      }
    });
  }
}

/** A copy appears complete or not at all, and is reused only where nobody else could have written it. */
async function copyOnce({ nativeDir, version }: ShippedBinaries, parent: string, user: ServerUser): Promise<string> {
  const copy = join(parent, `postgres-${version}-${process.arch}`);
  await mkdir(parent, { recursive: true });
  await assertOurs(parent);
  if (user.uid !== undefined) {
    await chmod(parent, 0o755);
  }
  if ((await lstat(copy).catch(() => undefined)) === undefined) {
    const draft = `${copy}.${process.pid}.new`;
    await cp(nativeDir, draft, { recursive: true, verbatimSymlinks: true });
    await openToAll(draft);
    // Another start may have been faster; its copy is as good.
    await rename(draft, copy).catch(() => rm(draft, { recursive: true, force: true }));
  }
  await assertOurs(copy);
  return copy;
}

async function assertOurs(path: string): Promise<void> {
  const found = await lstat(path);
  if (!found.isDirectory() || found.uid !== process.getuid?.() || (found.mode & 0o022) !== 0) {
    throw new Error(`${path} could have been written by other users.`);
  }
}

/** Whatever the installing user's umask was: folders can be entered, files read, programs run by everybody. */
async function openToAll(path: string): Promise<void> {
  const found = await lstat(path);
  if (found.isDirectory()) {
    await chmod(path, 0o755);
    for (const name of await readdir(path)) {
      await openToAll(join(path, name));
    }
  } else if (found.isFile()) {
    await chmod(path, basename(dirname(path)) === 'bin' ? 0o755 : 0o644);
  }
}
