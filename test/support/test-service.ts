import type { Type } from '@nestjs/common';
import { readEnvironment, runService } from '#platform';
import type { EventStreamSettings, RunningService } from '#platform';
import { CreateProject, UpdateProject } from '#projects';
import { createTestDatabase } from '#testing';
import type { TestDatabase } from '#testing';
import { ConfigApiModule } from '../../apps/config-api/src/config-api.module';
import { SlaWorkerModule } from '../../apps/sla-worker/src/sla-worker.module';
import { TicketsApiModule } from '../../apps/tickets-api/src/tickets-api.module';
import { freePort } from './free-port';
import { brokerEnvironment } from './suite-transport';
import { TestProject } from './test-project';

/** How a test's service differs from the usual one. */
export interface TestServiceOptions {
  /** A database that is there already, for a second service beside another; it is not dropped at the end. */
  readonly db?: TestDatabase;
  /** Further names of the environment. Unless given: no rate limit, no operators' port, no drain time. */
  readonly env?: Readonly<Record<string, string>>;
  /** Modules beside the product's. */
  readonly modules?: readonly Type[];
  /** Whether to open an operators' port, on any free one. */
  readonly ops?: boolean;
  /** What of event streams differs from the product's own way. */
  readonly eventStreams?: Partial<EventStreamSettings>;
}

/** How a test's project differs from a new one. */
export interface TestProjectOptions {
  readonly name?: string;
  readonly monthlyReplyQuota?: number;
  readonly rateLimitPerMinute?: number;
}

/** A whole service within the test's process, on a database of its own. */
export interface TestService {
  readonly url: string;
  readonly opsUrl: string | null;
  readonly db: TestDatabase;
  readonly service: RunningService;
  /** Every line of the service's log, as it was written. With several services in one process the last one has them. */
  readonly logs: readonly string[];
  createProject(options?: TestProjectOptions): Promise<TestProject>;
  /** Stops the service, and drops the database unless it was given. */
  close(): Promise<void>;
}

/** Starts tickets-api and config-api as one service, as `npm start` does. */
export async function startTestService(options: TestServiceOptions = {}): Promise<TestService> {
  const db = options.db ?? (await createTestDatabase());
  const logs: string[] = [];
  const service = await runService({
    name: 'test',
    modules: [TicketsApiModule, ConfigApiModule, SlaWorkerModule, ...(options.modules ?? [])],
    environment: await environmentOf(db, options),
    databaseUrl: db.url,
    writeLog: (line) => logs.push(line),
    eventStreams: options.eventStreams,
  });
  const { url, opsUrl } = service;
  return {
    url,
    opsUrl,
    db,
    service,
    logs,
    createProject: (project) => createProject(service, db, project),
    close: async () => {
      await service.close();
      if (!options.db) {
        await db.drop();
      }
    },
  };
}

async function environmentOf(db: TestDatabase, { env, ops }: TestServiceOptions) {
  return readEnvironment({
    PORT: '0',
    OPS_PORT: ops ? String(await freePort()) : '0',
    KEY_PEPPER: 'the pepper of every test',
    RATE_LIMIT_PER_MINUTE: '0',
    DRAIN_SECONDS: '0',
    ...(await brokerEnvironment(db)),
    ...env,
  });
}

async function createProject(
  { app, url }: RunningService,
  db: TestDatabase,
  { name = 'Test', monthlyReplyQuota, rateLimitPerMinute }: TestProjectOptions = {},
): Promise<TestProject> {
  const created = await app.get(CreateProject, { strict: false }).execute({ name });
  if (monthlyReplyQuota !== undefined || rateLimitPerMinute !== undefined) {
    const changes = { slug: created.slug, monthlyReplyQuota, rateLimitPerMinute };
    await app.get(UpdateProject, { strict: false }).execute(changes);
  }
  return new TestProject(url, db, created);
}
