import { access, constants, stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { DataFolderPaths, Environment } from '#platform';
import { broken, ok, warning } from './finding';
import type { Finding } from './finding';

const MIB = 1024 * 1024;
const FULL_MIB = 200;
const NARROW_MIB = 2_000;
const OTHERS = 0o077;

/** The Node.js that runs us: scripts/running/node-version.cjs has let it pass already. */
export function examineNode(): Finding {
  return ok('node', `Node.js ${process.version}`);
}

/** Whether the secret of the key hashes stands outside the database. */
export function examinePepper({ KEY_PEPPER }: Environment): Finding {
  return KEY_PEPPER
    ? ok('key_pepper', 'KEY_PEPPER is set')
    : warning(
        'key_pepper',
        'KEY_PEPPER is not set: the database keeps the key hashes and their secret together',
        'In production set it for every process, for example KEY_PEPPER=$(openssl rand -base64 32). Keys issued before go on working.',
      );
}

/** Whether the data folder can be written, and its keys be read by nobody else. */
export async function examineDataFolder(paths: DataFolderPaths): Promise<Finding> {
  const existing = await nearestExisting(paths.root);
  try {
    await access(existing, constants.W_OK | constants.X_OK);
  } catch {
    return broken(
      'data_folder',
      `${existing} cannot be written by this user`,
      'Give it to the user that runs Helpdesk, or name another folder in HELPDESK_DATA_DIR.',
    );
  }
  const credentials = await stat(paths.credentials).catch(() => undefined);
  return credentials && (credentials.mode & OTHERS) !== 0
    ? warning('data_folder', `Other users may read ${paths.credentials}`, `chmod 600 ${paths.credentials}`)
    : ok('data_folder', paths.root);
}

/** Whether there is room for the data. */
export async function examineDisk({ root }: DataFolderPaths): Promise<Finding> {
  const { bavail, bsize } = await statfs(await nearestExisting(root));
  const free = Math.floor((bavail * bsize) / MIB);
  const message = `${free} MiB are free for ${root}`;
  if (free >= NARROW_MIB) {
    return ok('disk', message);
  }
  const mend = 'Make room there, or move the data folder (HELPDESK_DATA_DIR).';
  return free < FULL_MIB ? broken('disk', message, mend) : warning('disk', message, mend);
}

async function nearestExisting(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  return found || dirname(path) === path ? path : nearestExisting(dirname(path));
}
