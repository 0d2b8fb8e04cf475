import { UnitOfWork } from '#database';
import type { ProjectScope, WorkerTx } from '#database';
import { EventLog } from '#messaging';
import { EventScene, insertProject } from '#testing';
import type { EventProcess } from '#testing';
import { messagingSettings } from '../../libs/messaging/src/messaging-settings';
import { HandOver } from '../../libs/messaging/src/relay/hand-over';
import { PositionGiver } from '../../libs/messaging/src/relay/position-giver';
import { Publisher } from '../../libs/messaging/src/relay/publisher';
import type { EventTransport, OutboxEvent, Refusal } from '../../libs/messaging/src/transports/event-transport';

/** A broker that is down, or takes some events and not others, as a test says. */
export class MoodyBroker implements EventTransport {
  /** Ids of events, in the order in which it took them. */
  readonly taken: string[] = [];
  /** Aggregates whose events it refuses. */
  readonly refused = new Set<string>();
  isDown = false;

  async start(): Promise<void> {}
  async stop(): Promise<void> {}
  async deliverTo(): Promise<void> {}
  async status(): Promise<[]> {
    return [];
  }

  async deliver(_tx: WorkerTx, events: readonly OutboxEvent[]): Promise<readonly Refusal[]> {
    if (this.isDown) {
      throw new Error('The broker is down.');
    }
    const isRefused = (event: OutboxEvent) => this.refused.has(event.aggregateId);
    this.taken.push(...events.filter((event) => !isRefused(event)).map(({ eventId }) => eventId));
    return events.filter(isRefused).map(({ id }) => ({ id, reason: 'no queue' }));
  }
}

/** The parts of a relay before a {@link MoodyBroker}, which do what a test tells them. */
export class RelayScene {
  readonly broker = new MoodyBroker();
  readonly uow: UnitOfWork;
  readonly positions: PositionGiver;
  readonly publisher: Publisher;

  private constructor(
    readonly scene: EventScene,
    private readonly project: ProjectScope,
    private readonly process: EventProcess,
  ) {
    this.uow = process.app.get(UnitOfWork);
    const settings = messagingSettings({ retentionDays: 30, now: scene.now });
    const handOver = new HandOver(this.broker, settings);
    this.publisher = new Publisher(this.uow, handOver, settings);
    this.positions = new PositionGiver(this.uow, handOver, this.broker, settings);
  }

  /** On a database for itself. */
  static async open(): Promise<RelayScene> {
    const scene = await EventScene.open();
    const { live } = await insertProject(scene.db);
    return new RelayScene(scene, live, await scene.launch({ isStarted: false }));
  }

  /** Appends one event for each aggregate named, in that order. @returns the events' ids. */
  async commit(...aggregates: string[]): Promise<string[]> {
    for (const aggregate of aggregates) {
      await this.scene.append(this.process, this.project, aggregate);
    }
    const rows = await this.scene.db.sql<{ event_id: string }>('SELECT event_id FROM outbox ORDER BY id');
    return rows.slice(-aggregates.length).map((row) => row.event_id);
  }

  /** The same, and gives them their positions, as while the broker is away. */
  async append(...aggregates: string[]): Promise<string[]> {
    const ids = await this.commit(...aggregates);
    await this.positions.pass(false);
    return ids;
  }

  /** The ids of the events that readers of the log find, in its order. */
  async log(): Promise<string[]> {
    const page = await this.process.app.get(EventLog).read(this.project, { limit: 100 });
    return page.events.map(({ envelope }) => envelope.id);
  }

  async close(): Promise<void> {
    await this.scene.close();
  }
}
