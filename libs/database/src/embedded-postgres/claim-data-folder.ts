import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import type { DataFolder } from './data-folder';
import { EmbeddedPostgresError } from './embedded-postgres.errors';
import { processStart } from './process-identity';

interface Claim {
  readonly pid: number;
  readonly start: string | undefined;
}

/**
 * Takes the data folder for this process; a claim of a process that has died is taken over.
 * @returns gives the folder back.
 * @throws {EmbeddedPostgresError} `in_use` while the process of an earlier claim lives.
 */
export async function claimDataFolder(folder: DataFolder): Promise<() => Promise<void>> {
  const claim: Claim = { pid: process.pid, start: processStart(process.pid) };
  while (!(await tryClaim(folder, claim))) {
    const standing = await readClaim(folder);
    if (standing !== undefined && isAlive(standing)) {
      throw inUse(folder, standing.pid);
    }
    await removeDeadClaim(folder);
  }
  return () => rm(folder.claimFile, { force: true });
}

/** The living process that runs the server of this folder, if any. */
export async function claimant(folder: DataFolder): Promise<number | undefined> {
  const claim = await readClaim(folder);
  return claim !== undefined && isAlive(claim) ? claim.pid : undefined;
}

/** The claim appears with its content (link is atomic), so no reader takes a half-written one for a dead one. */
async function tryClaim(folder: DataFolder, claim: Claim): Promise<boolean> {
  const draft = `${folder.claimFile}.${randomUUID()}`;
  await writeFile(draft, `${JSON.stringify(claim)}\n`, { mode: 0o600 });
  try {
    await link(draft, folder.claimFile);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
      throw error;
    }
    return false;
  } finally {
    await rm(draft, { force: true });
  }
}

/** Two starts may find the same dead claim; the slower one must not remove the claim that the faster one has just made. */
async function removeDeadClaim(folder: DataFolder): Promise<void> {
  const aside = `${folder.claimFile}.${randomUUID()}`;
  try {
    await rename(folder.claimFile, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return;
    }
    throw error;
  }
  const removed = parseClaim(await readFile(aside, 'utf8'));
  if (removed !== undefined && isAlive(removed)) {
    await link(aside, folder.claimFile).catch(() => undefined);
    await rm(aside, { force: true });
    throw inUse(folder, removed.pid);
  }
  await rm(aside, { force: true });
}

async function readClaim(folder: DataFolder): Promise<Claim | undefined> {
  try {
    return parseClaim(await readFile(folder.claimFile, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
}

function parseClaim(text: string): Claim | undefined {
  try {
    const { pid, start } = JSON.parse(text) as Partial<Claim>;
    return typeof pid === 'number' ? { pid, start } : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(claim: Claim): boolean {
  const start = processStart(claim.pid);
  return start !== undefined && start === claim.start;
}

function inUse(folder: DataFolder, pid: number): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'in_use',
    `The database in ${folder.root} is already run by process ${pid}${pid === process.pid ? ' (this one)' : ''}. ` +
      'Stop that process first, or start with another data folder (HELPDESK_DATA_DIR).',
  );
}
