import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { claimant, claimDataFolder } from './claim-data-folder';
import type { DataFolder } from './data-folder';
import { openDataFolder } from './data-folder';
import type { EmbeddedPostgresError } from './embedded-postgres.errors';
import { processStart } from './process-identity';

const outcomes = (claims: PromiseSettledResult<unknown>[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const claim of claims) {
    const outcome = claim.status === 'fulfilled' ? 'taken' : (claim.reason as EmbeddedPostgresError).fault;
    counts[outcome] = (counts[outcome] ?? 0) + 1;
  }
  return counts;
};

describe('the claim on a data folder', () => {
  let folder: DataFolder;

  beforeEach(async () => {
    folder = await openDataFolder(await mkdtemp(join(tmpdir(), 'helpdesk-claim-')));
  });

  afterEach(() => rm(folder.root, { recursive: true, force: true }));

  const leaveClaim = (claim: unknown): Promise<void> => writeFile(folder.claimFile, JSON.stringify(claim));

  it('is refused while its process lives, with a message that names the process and the mend', async () => {
    await claimDataFolder(folder);
    await expect(claimDataFolder(folder)).rejects.toMatchObject({
      fault: 'in_use',
      message: expect.stringMatching(new RegExp(`process ${process.pid}.*HELPDESK_DATA_DIR`)),
    });
  });

  it('can be taken again once given back, and leaves no file behind', async () => {
    const release = await claimDataFolder(folder);
    await release();
    expect(await readdir(folder.root)).toEqual([]);
    await claimDataFolder(folder);
    expect(await claimant(folder)).toBe(process.pid);
  });

  it('goes to exactly one of many starts at the same moment', async () => {
    const claims = await Promise.allSettled(Array.from({ length: 20 }, () => claimDataFolder(folder)));
    expect(outcomes(claims)).toEqual({ taken: 1, in_use: 19 });
  });

  it('goes to exactly one of many starts that find a dead one', async () => {
    await leaveClaim({ pid: process.pid, start: 'another life' });
    const claims = await Promise.allSettled(Array.from({ length: 20 }, () => claimDataFolder(folder)));
    expect(outcomes(claims)).toEqual({ taken: 1, in_use: 19 });
  });

  it.each([
    ['of a process that is gone', { pid: 2_147_483_647, start: '1' }],
    ['whose process id now belongs to another process', { pid: process.ppid, start: 'another life' }],
    ['that cannot be read', 'half-writ'],
  ])('is taken over from one %s', async (_, claim) => {
    await leaveClaim(claim);
    expect(await claimant(folder)).toBeUndefined();
    await claimDataFolder(folder);
    expect(await claimant(folder)).toBe(process.pid);
  });

  it('is not taken from a living process, whatever our own is', async () => {
    await leaveClaim({ pid: process.ppid, start: processStart(process.ppid) });
    await expect(claimDataFolder(folder)).rejects.toMatchObject({ fault: 'in_use' });
  });
});
