import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { Topology } from '../../libs/messaging/src/transports/rabbitmq/topology';
import type { BenchDatabases } from '../database/bench-databases';
import { pause } from '../product/server-process';
import { eventEnvironment, runHere } from '../product/product';
import { makeProjects } from '../product/make-projects';
import { BareBroker } from './bare-broker';
import { clearEvents, countEffects, createEventTables, isRelayed, loadOutbox } from './event-database';
import { EventProcess } from './event-process';
import type { BenchEvent } from './events';

export type Transport = 'postgres' | 'rabbitmq';

const PROJECTS = 50;
const DEADLINE_MS = 300_000;

/** Looking costs the database something, so at what takes seconds we look less often. */
const [FINE_MS, COARSE_MS] = [10, 100];

/** One installation of the product over one transport: a database, a process that writes and relays, and what is held against them. */
export class EventInstallation {
  private writing: EventProcess | undefined;

  private constructor(
    readonly transport: Transport,
    readonly databaseUrl: string,
    readonly projectIds: readonly string[],
    readonly db: Client,
    private readonly environment: Readonly<Record<string, string>>,
    private readonly broker: { readonly bare: BareBroker; readonly product: Topology } | undefined,
  ) {}

  /** Makes everything; the consumer is known afterwards, so that events are kept for it. */
  static async open(transport: Transport, databases: BenchDatabases, brokerUrl?: string): Promise<EventInstallation> {
    const databaseUrl = await databases.create(`events_${transport}`);
    const service = await runHere(databaseUrl);
    const projects = await makeProjects(service.app, PROJECTS).finally(() => service.close());
    const db = new Client({ connectionString: databaseUrl });
    await db.connect();
    await createEventTables(db);
    const prefix = `bench-${process.pid}-${randomBytes(3).toString('hex')}.`;
    const installation = new EventInstallation(
      transport,
      databaseUrl,
      projects.map(({ projectId }) => projectId),
      db,
      eventEnvironment(databaseUrl, transport === 'rabbitmq' ? { url: brokerUrl ?? '', prefix } : undefined),
      transport === 'rabbitmq'
        ? { bare: await BareBroker.open(brokerUrl ?? '', `bare-${prefix}`), product: new Topology(LADDER, prefix) }
        : undefined,
    );
    await (await installation.startConsumer()).stop();
    await installation.startWriter();
    return installation;
  }

  /** The process that writes and relays. */
  get writer(): EventProcess {
    if (!this.writing) {
      throw new Error('The installation is closed.');
    }
    return this.writing;
  }

  /** amqplib alone; undefined where no broker has a part. */
  get bare(): BareBroker | undefined {
    return this.broker?.bare;
  }

  /** Starts the process that writes and relays; `writer` stands for it from now on. */
  async startWriter(): Promise<void> {
    this.writing = await EventProcess.start('writer', this.environment);
  }

  /** Starts a process that runs the benchmark's consumer. */
  async startConsumer(): Promise<EventProcess> {
    return EventProcess.start('consumer', this.environment);
  }

  /** Leaves no event anywhere. */
  async clear(): Promise<void> {
    await clearEvents(this.db);
    if (this.broker) {
      await this.broker.bare.purge(this.broker.bare.topology);
      await this.broker.bare.purge(this.broker.product);
    }
  }

  /** Writes events, lets them be relayed, and answers how many milliseconds the relay took. */
  async relay(events: readonly BenchEvent[]): Promise<number> {
    await loadOutbox(this.db, events);
    const { at } = await this.writer.ask({ kind: 'relay' }, 'relaying');
    await until(() => isRelayed(this.db), FINE_MS);
    return performance.timeOrigin + performance.now() - at;
  }

  async countEffects(): Promise<number> {
    return countEffects(this.db);
  }

  /** Waits until the consumer has written so many effects. */
  async effects(count: number): Promise<void> {
    await until(async () => (await this.countEffects()) >= count, COARSE_MS);
  }

  /** Ends the process, deletes the queues and closes the connections. The database goes with the others of the run. */
  async close(): Promise<void> {
    await this.writing?.stop();
    this.writing = undefined;
    await this.broker?.bare.close([this.broker.product]);
    await this.db.end();
  }
}

/** As many rungs as the product's own ladder has. */
const LADDER = [0, 0, 0, 0, 0];

async function until(isTrue: () => Promise<boolean>, everyMs: number): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS;
  while (!(await isTrue())) {
    if (performance.now() > deadline) {
      throw new Error(`Events are under way for more than ${DEADLINE_MS / 1_000} s.`);
    }
    await pause(everyMs);
  }
}
