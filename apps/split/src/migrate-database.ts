import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { entryOf } from './processes/app-program';

/**
 * Runs the app that migrates, once, before any other starts. What it says goes where we say ours.
 * @throws {Error} when it could not; its own words stand above.
 */
export async function migrateDatabase(): Promise<void> {
  const child = spawn(process.execPath, [entryOf('migrate')], { stdio: ['ignore', 'inherit', 'inherit'] });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) {
    throw new Error('The database could not be brought up to date: see above.');
  }
}
