import { claimant } from './claim-data-folder';
import { describeDataFolder, ownerUrl, readPassword } from './data-folder';
import { pollUntil, runningPostmaster } from './postmaster-file';

const STARTING_MS = 30_000;

/**
 * Finds the embedded PostgreSQL that another process (a running `npm start`) has on this folder, so that a command can
 * work beside it; waits up to 30 seconds for one that is just starting.
 * @returns the owner's URL, or `undefined` when no process runs it.
 */
export async function findEmbeddedPostgres(options: { readonly dataDir: string }): Promise<string | undefined> {
  const folder = describeDataFolder(options.dataDir);
  let url: string | undefined;
  await pollUntil(STARTING_MS, async () => {
    if ((await claimant(folder)) === undefined) {
      return true;
    }
    const state = await runningPostmaster(folder.cluster);
    const password = await readPassword(folder);
    url = state?.status === 'ready' && password !== undefined ? ownerUrl(password, state.port) : undefined;
    return url !== undefined;
  });
  return url;
}
