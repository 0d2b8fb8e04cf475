import type { Server } from 'node:http';
import { Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Database } from '#database';
import { EventPath, setFaultPoints } from '#messaging';
import { connectDatabase, rootModule } from './compose';
import type { Composition } from './compose';
import { maskedSummary, readEnvironment } from './config/environment';
import type { Environment } from './config/environment';
import { OpsServer } from './health/ops-server';
import { Readiness } from './health/readiness';
import { EventStreams } from './http/event-stream/event-streams';
import { ApiAdapter } from './http/api.adapter';
import { HttpDrain } from './http/http-drain';
import { setUpHttpEdge } from './http/http-edge';
import { portError } from './listening-port';
import { JsonLogger } from './logging/json-logger';
import { Metrics } from './metrics/metrics';
import { addPoolMetrics } from './metrics/database-metrics';
import { addEventPathMetrics } from './metrics/event-path-metrics';
import { addEventStreamMetrics } from './metrics/event-stream-metrics';
import { describeApi } from './openapi/api-document';
import type { ApiDocument, ApiDocumentOptions } from './openapi/api-document';
import { DiscoveryModule } from './openapi/discovery/discovery.module';
import type { Services } from './run-task';
import { Schedules } from './schedules/schedules';

/** A process that serves. Its modules declare controllers, consumers and schedules. */
export interface ServiceDefinition extends Composition {
  /** Read from the process unless given. */
  readonly environment?: Environment;
  /** Runs once everything is connected, before the first request and the first event; its failure fails the start. */
  readonly beforeServing?: (services: Services) => Promise<void>;
  /** Describes the API of which this process serves a part; the routes of this process are described unless given. */
  readonly describe?: (options: ApiDocumentOptions) => ApiDocument;
  /** Takes each line of the log; the standard output unless given. */
  readonly writeLog?: (line: string) => void;
}

/** A running process. */
export interface RunningService {
  readonly url: string;
  readonly opsUrl: string | null;
  readonly app: NestExpressApplication;
  /** Stops in order: no new requests wanted, streams ended, requests under way finished, consumers drained, connections closed. */
  close(): Promise<void>;
}

/**
 * The one bootstrap, of every app and of the tests: environment, database (refused when migrations are pending), modules, HTTP,
 * consumers, relay, schedules, operators' port; and the way back when the process is told to stop.
 */
export async function runService(definition: ServiceDefinition): Promise<RunningService> {
  const environment = definition.environment ?? readEnvironment();
  const logger = createLogger(definition, environment);
  Logger.overrideLogger(logger);
  logger.log({ event: 'service.starting', ...maskedSummary(environment) });
  setFaultPoints(environment.HELPDESK_FAULT);

  const database = await connectDatabase(definition, environment);
  const metrics = new Metrics();
  metrics.collectDefaults();
  const readiness = new Readiness();
  const app = await createApp(definition, environment, { database, metrics, logger });
  await definition.beforeServing?.(await app.init());
  const http = new HttpDrain(app.getHttpServer() as Server);
  const url = await listen(app, environment);
  const eventPath = app.get(EventPath);
  await eventPath.start();
  const schedules = app.get(Schedules);
  schedules.start();
  const streams = app.get(EventStreams);
  addGauges(metrics, { database, eventPath, streams });
  const ops = await listenOps(environment, { readiness, metrics, check: () => ping(database) });
  readiness.enter('ready');
  logger.log({ event: 'service.ready', url, ops: ops?.url ?? 'off' });

  const close = once(async () => {
    logger.log({ event: 'service.draining' });
    readiness.enter('draining');
    streams.close();
    await http.close(environment.DRAIN_SECONDS);
    await schedules.stop();
    await eventPath.stop();
    await app.close();
    await ops?.close();
    await database.close();
    logger.log({ event: 'service.stopped' });
  });
  return { url, opsUrl: ops?.url ?? null, app, close };
}

function createLogger({ name, writeLog }: ServiceDefinition, { LOG_LEVEL: level }: Environment): JsonLogger {
  return new JsonLogger({
    service: name,
    level,
    pretty: writeLog === undefined && process.stdout.isTTY,
    write: writeLog,
  });
}

async function createApp(
  definition: ServiceDefinition,
  environment: Environment,
  {
    database,
    metrics,
    logger,
  }: { readonly database: Database; readonly metrics: Metrics; readonly logger: JsonLogger },
): Promise<NestExpressApplication> {
  const serverUrl = publicUrl(environment);
  const root = rootModule(definition, environment, { database, metrics });
  const { describe = (options) => describeApi(app, options) } = definition;
  const document = (): ApiDocument => describe({ serverUrl });
  const app: NestExpressApplication = await NestFactory.create(
    DiscoveryModule.addTo(root, document),
    new ApiAdapter(),
    { bodyParser: false, logger, abortOnError: false },
  );
  setUpHttpEdge(app, metrics, serverUrl);
  return app;
}

/** Where the installation is reached from outside. */
export function publicUrl({ PUBLIC_URL, PORT }: Environment): string {
  return (PUBLIC_URL ?? `http://localhost:${PORT}`).replace(/\/$/, '');
}

function addGauges(
  metrics: Metrics,
  sources: { readonly database: Database; readonly eventPath: EventPath; readonly streams: EventStreams },
): void {
  addPoolMetrics(metrics, sources.database);
  addEventPathMetrics(metrics, sources.eventPath);
  addEventStreamMetrics(metrics, sources.streams);
}

async function listen(app: NestExpressApplication, { PORT }: Environment): Promise<string> {
  try {
    await app.listen(PORT);
  } catch (error) {
    throw portError(error, 'PORT', PORT);
  }
  const address = (app.getHttpServer() as Server).address();
  return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : PORT}`;
}

async function listenOps(
  environment: Environment,
  sources: Parameters<typeof OpsServer.listen>[1],
): Promise<OpsServer | null> {
  const port = environment.OPS_PORT;
  if (port === 0) {
    return null;
  }
  try {
    return await OpsServer.listen(port, sources);
  } catch (error) {
    throw portError(error, 'OPS_PORT', port);
  }
}

async function ping(database: Database): Promise<void> {
  await database.worker.query('SELECT 1');
}

function once(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => (running ??= work());
}
