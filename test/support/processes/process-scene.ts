import { Client } from 'pg';
import { readEnvironment, runTask } from '#platform';
import { CreateProject, ProjectsModule } from '#projects';
import { createTestDatabase } from '#testing';
import type { TestDatabase } from '#testing';
import { createLedger, LEDGER_CONSUMERS } from '../ledger/ledger-table';
import { Writers } from '../ledger/writers';
import type { WritersOptions } from '../ledger/writers';
import { newPrefix, openTestBroker, testBrokerUrl } from '../test-broker';
import type { TestBroker } from '../test-broker';
import { assertBuilt } from './built-code';
import { inTheEnd } from './patience';
import { ServiceProcess } from './service-process';

/** What a scene's events go through, and where its servers are. */
export interface SceneOptions {
  /** Postgres unless given. */
  readonly transport?: 'postgres' | 'rabbitmq';
  /** The server of the tests unless given. */
  readonly databaseServer?: string;
  /** A broker that ends with the test; the broker of the tests unless given. */
  readonly brokerUrl?: string;
}

/** How a process of a scene differs from the usual one. */
export interface SceneProcessOptions {
  /** Further names of the environment. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Another way to the scene's database. */
  readonly databaseUrl?: string;
  /** Another way to the scene's broker. */
  readonly brokerUrl?: string;
}

/** Rows that are locked until released. */
export interface HeldLock {
  release(): Promise<void>;
}

/** A scene's part of a broker. */
interface BrokerPart {
  readonly url: string;
  readonly prefix: string;
}

/** A database with a ledger and one project, and the processes that serve it. */
export class ProcessScene {
  private readonly started: ServiceProcess[] = [];
  private readonly writers: Writers[] = [];

  private constructor(
    readonly db: TestDatabase,
    /** A live key of the project, for everything. */
    readonly key: string,
    private readonly brokerPart: BrokerPart | undefined,
  ) {}

  /** @throws {Error} when the compiled code is not what the sources are. */
  static async open(options: SceneOptions = {}): Promise<ProcessScene> {
    await assertBuilt();
    const { transport = 'postgres', brokerUrl = testBrokerUrl() } = options;
    const db = await createTestDatabase(options.databaseServer);
    await createLedger(db);
    const composition = { name: 'test', modules: [ProjectsModule], databaseUrl: db.url };
    const { liveKey } = await runTask(composition, readEnvironment({}), (services) =>
      services.get(CreateProject, { strict: false }).execute({ name: 'Chaos' }),
    );
    const part = transport === 'rabbitmq' ? { url: brokerUrl, prefix: newPrefix() } : undefined;
    const scene = new ProcessScene(db, liveKey, part);
    if (part && !options.brokerUrl) {
      db.beforeDrop(() => scene.onBroker((broker) => broker.remove(LEDGER_CONSUMERS)));
    }
    return scene;
  }

  /** Starts a process without waiting until it serves. */
  async launch({ databaseUrl = this.db.url, ...options }: SceneProcessOptions = {}): Promise<ServiceProcess> {
    const environment = { ...this.brokerEnvironment(options.brokerUrl), ...options.environment };
    const launched = await ServiceProcess.launch({ databaseUrl, environment });
    this.started.push(launched);
    return launched;
  }

  /** Starts a process that serves. @throws {Error} with its last words, when it ends before. */
  async start(options: SceneProcessOptions = {}): Promise<ServiceProcess> {
    const launched = await this.launch(options);
    await launched.ready();
    return launched;
  }

  /** Where the scene's processes serve right now. */
  readonly urls = (): string[] => this.started.flatMap(({ url }) => url ?? []);

  /** Sets integrators to work on whatever processes there are. */
  write(options: Omit<WritersOptions, 'key' | 'targets'>): Writers {
    const writers = new Writers({ ...options, key: this.key, targets: this.urls });
    this.writers.push(writers);
    return writers;
  }

  /**
   * Waits until everything that was committed has been published and every consumer is done with it; then until the broker has handed
   * out what it still had: after deaths some messages are under way twice, on rungs too, and come when their event is long done.
   */
  async drained(): Promise<void> {
    await this.settledInDatabase();
    if (this.brokerPart) {
      await this.onBroker((broker) =>
        inTheEnd(async () => {
          // Twice: on its way from a rung to its queue a message is in neither, for a moment.
          expectEmpty(await leftOn(broker));
          expectEmpty(await leftOn(broker));
        }),
      );
    }
  }

  /**
   * What the broker still has for consumers: queues, rungs and dead queues with messages in them. What a process has in hand counts
   * only once that has ended.
   */
  async leftOnBroker(): Promise<string[]> {
    if (!this.brokerPart) {
      return [];
    }
    return this.onBroker(leftOn);
  }

  /** Does something on the scene's part of the broker. */
  async onBroker<T>(work: (broker: TestBroker) => Promise<T>): Promise<T> {
    const broker = await openTestBroker(this.brokerPart);
    try {
      return await work(broker);
    } finally {
      await broker.close().catch(() => undefined);
    }
  }

  /** Holds every create in the middle of its transaction until released. */
  async lockNumbers(): Promise<HeldLock> {
    return this.holdLock('SELECT FROM ticket_counter FOR UPDATE');
  }

  /** Holds every consumer in the middle of its work until released. */
  async shutGate(): Promise<HeldLock> {
    return this.holdLock('SELECT FROM ledger_gate FOR UPDATE');
  }

  /** Lets the server end every connection of the processes, whatever goes on there. @returns how many there were. */
  async endConnections(): Promise<number> {
    const ended = await this.db.sql(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND application_name IN ('helpdesk-ledger-app', 'helpdesk-hints')`,
    );
    return ended.length;
  }

  /** kill -9 for whatever runs, and no more database. */
  async close(): Promise<void> {
    await Promise.all(this.started.map((one) => one.kill()));
    await Promise.all(this.writers.map((one) => one.abandon()));
    await this.db.drop();
  }

  private async settledInDatabase(): Promise<void> {
    await inTheEnd(async () => {
      const [left] = await this.db.sql<Record<string, number>>(
        `SELECT (SELECT count(*)::int FROM outbox WHERE published_at IS NULL OR position IS NULL) AS unpublished,
                (SELECT count(*)::int FROM event_delivery) AS undelivered,
                (SELECT count(*)::int FROM outbox o CROSS JOIN unnest($1::text[]) AS c (consumer)
                 WHERE NOT EXISTS (SELECT FROM inbox i WHERE i.consumer = c.consumer AND i.event_id = o.event_id)) AS unhandled`,
        [[...LEDGER_CONSUMERS]],
      );
      if (Object.values(left ?? { nothing: 1 }).some((count) => count !== 0)) {
        throw new Error(`Not everything has drained: ${JSON.stringify(left)}.`);
      }
    }).catch(async (error: unknown) => {
      throw new Error(`${String(error)}\n${await this.whatIsLeft()}`);
    });
  }

  /** For whoever has to find out why: where the first events are that some consumer has not handled, and what the broker has. */
  private async whatIsLeft(): Promise<string> {
    const events = await this.db.sql(
      `SELECT c.consumer, o.event_id, o.aggregate_id, o.aggregate_seq, o.published_at, d.status, d.attempts, d.next_at, d.last_error, now() AS now
       FROM outbox o CROSS JOIN unnest($1::text[]) AS c (consumer)
         LEFT JOIN event_delivery d ON d.outbox_id = o.id AND d.consumer = c.consumer
       WHERE NOT EXISTS (SELECT FROM inbox i WHERE i.consumer = c.consumer AND i.event_id = o.event_id)
       ORDER BY o.id LIMIT 20`,
      [[...LEDGER_CONSUMERS]],
    );
    const broker = await this.leftOnBroker().catch((error: unknown) => [String(error)]);
    return [...events.map((event) => JSON.stringify(event)), ...broker].join('\n');
  }

  private brokerEnvironment(brokerUrl = this.brokerPart?.url): Readonly<Record<string, string>> {
    return brokerUrl && this.brokerPart
      ? { EVENT_TRANSPORT: 'rabbitmq', RABBITMQ_URL: brokerUrl, RABBITMQ_PREFIX: this.brokerPart.prefix }
      : { EVENT_TRANSPORT: 'postgres' };
  }

  private async holdLock(statement: string): Promise<HeldLock> {
    const client = new Client({ connectionString: this.db.url });
    await client.connect();
    await client.query('BEGIN');
    await client.query(statement);
    return { release: () => client.end() };
  }
}

async function leftOn({ topology, channel }: TestBroker): Promise<string[]> {
  const queues = LEDGER_CONSUMERS.map((consumer) => topology.queuesOf(consumer));
  const names = queues.flatMap(({ queue, rungs, dead }) => [queue, ...rungs.map((rung) => rung.queue), dead]);
  const counts = await Promise.all(names.map((name) => channel.checkQueue(name)));
  return counts
    .filter(({ messageCount }) => messageCount > 0)
    .map(({ queue, messageCount }) => `${queue}: ${messageCount}`);
}

function expectEmpty(left: readonly string[]): void {
  if (left.length > 0) {
    throw new Error(`The broker still has messages: ${left.join(', ')}.`);
  }
}
