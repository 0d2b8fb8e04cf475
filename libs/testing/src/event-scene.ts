import { randomUUID } from 'node:crypto';
import type { INestApplicationContext, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { TicketUpdated } from '#contracts';
import type { EventDefinition } from '#contracts';
import { Database, DatabaseModule, UnitOfWork } from '#database';
import type { ProjectScope, Tx } from '#database';
import { Consumes, EventPath, MessagingModule, Outbox } from '#messaging';
import type { ConsumesOptions, EventConsumer, MessagingOptions } from '#messaging';
import { createTestDatabase } from './test-database';
import type { TestDatabase } from './test-database';

/** One process of an installation, as far as events go. */
export interface EventProcess {
  readonly app: INestApplicationContext;
  /** Stops as a process does that was told to: drained. */
  stop(): Promise<void>;
}

/** What a process of the scene is made of. */
export interface EventProcessOptions {
  readonly consumers?: readonly Type[];
  readonly messaging?: Partial<MessagingOptions>;
  /** Without it the process writes and reads, but neither relays nor consumes. */
  readonly isStarted?: boolean;
}

/** Events to append in one transaction. */
export interface AppendOptions {
  readonly definitions?: readonly EventDefinition[];
  readonly requestId?: string;
  /** Runs between the append and the commit; what it throws rolls back. */
  readonly beforeCommit?: (tx: Tx) => Promise<void>;
}

/** An effect that a consumer has stored. */
export interface Effect {
  readonly consumer: string;
  readonly event_id: string;
  readonly aggregate_id: string;
  readonly sequence: number;
  readonly project_id: string;
}

/**
 * An installation for tests of the event path: a database with two tables beside the product's own. `test_aggregate` stands for
 * what events are about, `test_effect` for what consumers do.
 */
export class EventScene {
  private readonly processes = new Set<EventProcess>();
  private readonly databases = new Set<Database>();
  private clockOffsetMs = 0;

  private constructor(
    readonly db: TestDatabase,
    private readonly messaging: Partial<MessagingOptions>,
  ) {}

  static async open(messaging: Partial<MessagingOptions> = {}): Promise<EventScene> {
    const db = await createTestDatabase();
    await db.sql(`
      CREATE TABLE test_aggregate (project_id uuid, id uuid, seq integer NOT NULL, PRIMARY KEY (project_id, id));
      CREATE TABLE test_effect (n bigint GENERATED ALWAYS AS IDENTITY, consumer text NOT NULL, event_id uuid NOT NULL,
        aggregate_id uuid NOT NULL, sequence integer NOT NULL, project_id uuid NOT NULL);
      GRANT SELECT, INSERT, UPDATE ON test_aggregate, test_effect TO helpdesk_app;`);
    return new EventScene(db, messaging);
  }

  /** The clock of retries and retention. */
  readonly now = (): Date => new Date(Date.now() + this.clockOffsetMs);

  /** Moves that clock ahead, for all processes. */
  advance(ms: number): void {
    this.clockOffsetMs += ms;
  }

  /** Starts a process with connections of its own. */
  async launch({ consumers = [], messaging = {}, isStarted = true }: EventProcessOptions = {}): Promise<EventProcess> {
    const database = await this.connect();
    const options = {
      transport: 'postgres',
      retentionDays: 30,
      now: this.now,
      ...this.messaging,
      ...messaging,
    } as const;
    class SceneModule {}
    const app = await NestFactory.createApplicationContext(
      {
        module: SceneModule,
        imports: [DatabaseModule.forRoot(database), MessagingModule.forRoot(options)],
        providers: [...consumers],
      },
      { logger: false, abortOnError: false },
    );
    const stop = async () => {
      this.processes.delete(process);
      await app.get(EventPath).stop();
      await app.close();
      this.databases.delete(database);
      await database.close();
    };
    const process: EventProcess = { app, stop };
    this.processes.add(process);
    if (isStarted) {
      await app.get(EventPath).start();
    }
    return process;
  }

  /** Appends events about one aggregate in one transaction, under the aggregate's lock. */
  async append(
    { app }: EventProcess,
    scope: ProjectScope,
    aggregateId: string = randomUUID(),
    { definitions = [TicketUpdated], requestId, beforeCommit }: AppendOptions = {},
  ): Promise<void> {
    await app.get(UnitOfWork).run(scope, async (tx) => {
      const [aggregate] = await tx.query<{ seq: number }>({
        text: `INSERT INTO test_aggregate AS a (project_id, id, seq) VALUES ($1, $2, $3)
               ON CONFLICT (project_id, id) DO UPDATE SET seq = a.seq + $3 RETURNING seq`,
        values: [scope.projectId, aggregateId, definitions.length],
      });
      const first = (aggregate?.seq ?? 0) - definitions.length + 1;
      const events = definitions.map((definition, index) => ({
        definition,
        aggregateId,
        sequence: first + index,
        occurredAt: new Date(),
        requestId,
        data: definition.example,
      }));
      await app.get(Outbox).append(tx, events);
      await beforeCommit?.(tx);
    });
  }

  /** The ids of the committed events of an aggregate, in their order. */
  async eventIds(aggregateId: string): Promise<string[]> {
    const rows = await this.db.sql<{ event_id: string }>(
      'SELECT event_id FROM outbox WHERE aggregate_id = $1 ORDER BY aggregate_seq',
      [aggregateId],
    );
    return rows.map((row) => row.event_id);
  }

  /** What a consumer has done, in the order in which it did. */
  async effects(consumer: string): Promise<Effect[]> {
    return this.db.sql<Effect>('SELECT * FROM test_effect WHERE consumer = $1 ORDER BY n', [consumer]);
  }

  async close(): Promise<void> {
    await Promise.all([...this.processes].map((process) => process.stop()));
    await Promise.all([...this.databases].map((database) => database.close()));
    await this.db.drop();
  }

  private async connect(): Promise<Database> {
    const database = await Database.connect({
      url: this.db.url,
      poolSize: 12,
      workerPoolSize: 8,
      applicationName: 'helpdesk-test',
      statementTimeoutMs: 10_000,
    });
    this.databases.add(database);
    return database;
  }
}

/** A consumer class made of one function. */
export function consumerOf(
  queue: string,
  definitions: readonly EventDefinition[],
  handle: EventConsumer['handle'],
  { sideBySide = false }: Pick<ConsumesOptions, 'sideBySide'> = {},
): Type<EventConsumer> {
  class SceneConsumer implements EventConsumer {
    readonly handle = handle;
  }
  Consumes(definitions, { queue, sideBySide })(SceneConsumer);
  return SceneConsumer;
}

/** A handler that stores an effect, after what `before` does. */
export function storingEffects(
  queue: string,
  before: EventConsumer['handle'] = async () => {},
): EventConsumer['handle'] {
  return async (event, context) => {
    await context.tx.query({
      text: 'INSERT INTO test_effect (consumer, event_id, aggregate_id, sequence, project_id) VALUES ($1, $2, $3, $4, $5)',
      values: [queue, event.id, event.subject, event.sequence, context.tx.scope.projectId],
    });
    await before(event, context);
  };
}
