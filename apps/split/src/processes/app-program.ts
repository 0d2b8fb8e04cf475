import { join } from 'node:path';
import { environmentOfChild, publicUrl } from '#platform';
import type { Environment } from '#platform';
import type { PlannedApp } from '../split-plan';

/** What an {@link AppProcess} runs. */
export interface AppProgram {
  readonly name: string;
  readonly entry: string;
  /** All of its environment, when it is to serve on this port. */
  environment(port: number): Record<string, string | undefined>;
}

/** Where the build puts an app's main program. */
export const entryOf = (app: string): string => join(__dirname, '..', '..', '..', app, 'main.js');

/** The program of an app behind the gateway. Callers leave at the gateway, so the app itself need not wait until they have. */
export function programOf({ name, opsPort }: PlannedApp, environment: Environment): AppProgram {
  return {
    name,
    entry: entryOf(name),
    environment: (port) =>
      environmentOfChild({
        PORT: String(port),
        OPS_PORT: String(opsPort),
        PUBLIC_URL: publicUrl(environment),
        DRAIN_SECONDS: '0',
        DATABASE_POOL_SIZE: String(environment.DATABASE_POOL_SIZE),
        EVENT_TRANSPORT: environment.EVENT_TRANSPORT,
      }),
  };
}
