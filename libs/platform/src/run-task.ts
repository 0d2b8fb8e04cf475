import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { connectDatabase, rootModule } from './compose';
import type { Composition } from './compose';
import type { Environment } from './config/environment';
import { JsonLogger } from './logging/json-logger';
import { Metrics } from './metrics/metrics';

/** Where a task finds its use cases. */
export type Services = Pick<INestApplicationContext, 'get'>;

const POOL_SIZE = 2;

/**
 * Does one task with the use cases of the modules, without serving: neither HTTP nor the event path is started. Unless a log is
 * given, only errors are logged, to the standard error, for the standard output belongs to the task's answer.
 * @throws {PendingMigrationsError} when the schema is older than the code.
 */
export async function runTask<T>(
  composition: Composition,
  environment: Environment,
  work: (services: Services) => Promise<T>,
  logger: JsonLogger = errorsOf(composition.name),
): Promise<T> {
  const narrow = { ...environment, DATABASE_POOL_SIZE: POOL_SIZE };
  const database = await connectDatabase(composition, narrow);
  try {
    const root = rootModule(composition, narrow, { database, metrics: new Metrics() });
    const context = await NestFactory.createApplicationContext(root, { logger, abortOnError: false });
    try {
      return await work(context);
    } finally {
      await context.close();
    }
  } finally {
    await database.close();
  }
}

function errorsOf(service: string): JsonLogger {
  return new JsonLogger({
    service,
    level: 'error',
    pretty: process.stderr.isTTY,
    write: (line) => process.stderr.write(line),
  });
}
