import { APP_NAMES, appsOf, choosePort, readEnvironment } from '#platform';
import type { AppName, Environment } from '#platform';

/** An app that is to run, and where its operators find it. */
export interface PlannedApp {
  readonly name: AppName;
  /** 0 for nowhere. */
  readonly opsPort: number;
}

/** What a split start is going to do. */
export interface SplitPlan {
  readonly environment: Environment;
  readonly apps: readonly [PlannedApp, ...PlannedApp[]];
}

/** Database connections for the requests of all apps together, as many as one PostgreSQL allows beside others by default. */
const POOL_SIZES = 48;
const LARGEST_POOL_SIZE = 16;

const LARGEST_PORT = 65_535;

/**
 * Reads the environment and makes sure that every port can be had: a start that would fail for it fails before it has made
 * anything. The apps' ports for operators follow one another from OPS_PORT.
 * @throws {Error} with what is wrong and what to do, for the terminal.
 */
export async function readPlan(): Promise<SplitPlan> {
  const environment = readEnvironment(undefined, {
    EVENT_TRANSPORT: 'rabbitmq',
    DATABASE_POOL_SIZE: String(Math.min(LARGEST_POOL_SIZE, Math.floor(POOL_SIZES / APP_NAMES.length))),
  });
  if (!environment.DATABASE_URL) {
    throw new Error(
      'DATABASE_URL is not set. Separate processes need a PostgreSQL server that all of them reach, for example ' +
        'DATABASE_URL=postgres://helpdesk:secret@localhost:5432/helpdesk. Without a server of your own: npm start.',
    );
  }
  const [first, ...others] = appsOf(environment.HELPDESK_ROLES);
  const PORT = await choosePort('PORT', environment.PORT);
  const opsPorts = await chooseOpsPorts(environment.OPS_PORT, others.length + 1);
  return {
    environment: { ...environment, PORT },
    apps: [
      { name: first, opsPort: opsPorts[0] ?? 0 },
      ...others.map((name, index) => ({ name, opsPort: opsPorts[index + 1] ?? 0 })),
    ],
  };
}

async function chooseOpsPorts(base: number, count: number): Promise<number[]> {
  if (base === 0) {
    return [];
  }
  if (base + count - 1 > LARGEST_PORT) {
    throw new Error(
      `OPS_PORT: ${count} processes take ${count} ports from ${base} on, and ${LARGEST_PORT} is the last. For example: OPS_PORT=9464`,
    );
  }
  const ports = Array.from({ length: count }, (_, index) => base + index);
  for (const port of ports) {
    await choosePort('OPS_PORT', port);
  }
  return ports;
}
