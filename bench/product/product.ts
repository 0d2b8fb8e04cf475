import { join } from 'node:path';
import { readEnvironment, runService } from '#platform';
import type { RunningService } from '#platform';
import { TicketsApiModule } from '../../apps/tickets-api/src/tickets-api.module';
import type { ServerProgram } from './server-process';

const APPS = join(__dirname, '..', '..', 'apps');

/** The same in every process of a run, so that all of them know the keys. */
const KEY_PEPPER = 'pepper-of-the-benchmark';

/** Everything on but the limit, which would stop the measurement. */
function environmentOf(databaseUrl: string): Record<string, string> {
  return {
    DATABASE_URL: databaseUrl,
    KEY_PEPPER,
    PORT: '0',
    OPS_PORT: '0',
    RATE_LIMIT_PER_MINUTE: '0',
    DRAIN_SECONDS: '0',
  };
}

/** A process of the event path: over RabbitMQ where a broker is given, else over Postgres. */
export function eventEnvironment(
  databaseUrl: string,
  broker?: { readonly url: string; readonly prefix: string },
): Record<string, string> {
  return {
    ...environmentOf(databaseUrl),
    EVENT_TRANSPORT: broker ? 'rabbitmq' : 'postgres',
    ...(broker && { RABBITMQ_URL: broker.url, RABBITMQ_PREFIX: broker.prefix }),
  };
}

/** A process of the engines, which scan when they are told to and not by themselves. */
export function engineEnvironment(databaseUrl: string): Record<string, string> {
  return { ...eventEnvironment(databaseUrl), SLA_SCAN_INTERVAL: '3600' };
}

/** The API as a process of its own. */
export function ticketsApi(databaseUrl: string): ServerProgram {
  return { main: join(APPS, 'tickets-api', 'main.js'), environment: environmentOf(databaseUrl) };
}

/** The whole product in one process, with its Postgres elsewhere. */
export function allInOne(databaseUrl: string): ServerProgram {
  return { main: join(APPS, 'all-in-one', 'main.js'), environment: environmentOf(databaseUrl) };
}

/** The API within this process, for making projects and looking at what it sends to the database. */
export async function runHere(databaseUrl: string): Promise<RunningService> {
  const environment = readEnvironment({ ...environmentOf(databaseUrl), LOG_LEVEL: 'error' });
  return runService({ name: 'bench', modules: [TicketsApiModule], environment });
}
