import type { DynamicModule, Type } from '@nestjs/common';
import { Module } from '@nestjs/common';
import { Database, DatabaseModule } from '#database';
import { MessagingModule } from '#messaging';
import type { MessagingOptions } from '#messaging';
import type { Environment } from './config/environment';
import type { Metrics } from './metrics/metrics';
import type { EventStreamSettings } from './http/event-stream/event-stream-settings';
import { PlatformModule } from './platform.module';

/** What a process is made of, whether it serves or does one task. */
export interface Composition {
  readonly name: string;
  /** The modules: static classes. */
  readonly modules: readonly Type[];
  /** The database, when it is not that of the environment. */
  readonly databaseUrl?: string;
  /** What of event streams differs from the product's own way. */
  readonly eventStreams?: Partial<EventStreamSettings>;
  /** What of the event path's times differs from the product's own way. */
  readonly eventTimes?: Pick<MessagingOptions, 'retryDelaysMs' | 'searchEveryMs' | 'overdueMs'>;
}

@Module({})
class RootModule {}

/**
 * Connects the database of the composition.
 * @throws {Error} without one; {PendingMigrationsError} when its schema is older than the code.
 */
export async function connectDatabase(
  { name, databaseUrl }: Composition,
  { DATABASE_URL, DATABASE_POOL_SIZE: poolSize }: Environment,
): Promise<Database> {
  const url = databaseUrl ?? DATABASE_URL;
  if (!url) {
    throw new Error('DATABASE_URL is not set. Name a PostgreSQL server, or run `npm start`, which brings its own.');
  }
  return Database.connect({
    url,
    poolSize,
    workerPoolSize: Math.max(4, Math.ceil(poolSize / 2)),
    applicationName: `helpdesk-${name}`,
    statementTimeoutMs: 5_000,
  });
}

/** The one root module: what every module may use, and the composition's own. The only caller of `forRoot`. */
export function rootModule(
  { modules, eventStreams, eventTimes }: Composition,
  environment: Environment,
  { database, metrics }: { readonly database: Database; readonly metrics: Metrics },
): DynamicModule {
  return {
    module: RootModule,
    imports: [
      DatabaseModule.forRoot(database),
      MessagingModule.forRoot({ ...messagingOptions(environment), ...eventTimes, observer: metrics.events }),
      PlatformModule.forRoot(environment, metrics, eventStreams),
      ...modules,
    ],
  };
}

function messagingOptions(environment: Environment): MessagingOptions {
  const { EVENT_TRANSPORT: transport, RABBITMQ_URL: url, RABBITMQ_PREFIX: prefix } = environment;
  return {
    transport,
    retentionDays: environment.EVENT_RETENTION_DAYS,
    ...(url !== undefined && { rabbitmq: { url, prefix } }),
  };
}
