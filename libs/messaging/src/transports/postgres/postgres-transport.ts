import { Inject, Injectable } from '@nestjs/common';
import { Database, UnitOfWork } from '#database';
import type { WorkerTx } from '#database';
import { ConsumerRuntime } from '../../consumers/consumer-runtime';
import { addConsumers, readDeliveries, secondsSince } from '../../consumers/known-consumers';
import { handlerSlots } from '../../consumers/slots';
import { MESSAGING_SETTINGS } from '../../messaging-settings';
import type { MessagingSettings } from '../../messaging-settings';
import type { ConsumerStatus, EventHeader, EventTransport, OutboxEvent, Refusal } from '../event-transport';
import type { Subscription } from '../subscription';
import { ConsumerLoop } from './consumer-loop';
import { addDeliveries, addDeliveriesOf, DELIVERY_CHANNEL } from './deliveries';
import { HintListener } from './hint-listener';

/**
 * Carries events as rows of the database: one `event_delivery` per event and consumer, made in the relay's transaction, so that
 * an event counts as published exactly when its deliveries exist. Which consumers there are is a table as well: the process that
 * relays need not be the one that consumes.
 */
@Injectable()
export class PostgresTransport implements EventTransport {
  private readonly hints: HintListener;
  private loops: ReadonlyMap<string, ConsumerLoop> = new Map();

  constructor(
    private readonly database: Database,
    private readonly uow: UnitOfWork,
    private readonly runtime: ConsumerRuntime,
    @Inject(MESSAGING_SETTINGS) private readonly settings: MessagingSettings,
  ) {
    this.hints = new HintListener(database.url, DELIVERY_CHANNEL, (payload) => this.wake(payload));
  }

  async start(subscriptions: readonly Subscription[]): Promise<void> {
    await this.uow.runAsWorker((tx) => addConsumers(tx, subscriptions, this.settings.now()));
    const { uow, runtime, settings } = this;
    const slots = handlerSlots(this.database);
    this.loops = new Map(
      subscriptions.map((one) => [one.consumer, new ConsumerLoop(one, { uow, runtime, settings }, slots)]),
    );
    if (this.loops.size > 0) {
      this.hints.start();
    }
    for (const loop of this.loops.values()) {
      loop.start();
    }
  }

  async deliver(tx: WorkerTx, events: readonly OutboxEvent[]): Promise<readonly Refusal[]> {
    await this.deliverInPlace(tx, events);
    return [];
  }

  async deliverInPlace(tx: WorkerTx, events: readonly EventHeader[]): Promise<void> {
    await addDeliveries(tx, events, this.settings.now());
  }

  async deliverTo(tx: WorkerTx, consumer: string, events: readonly OutboxEvent[]): Promise<void> {
    await addDeliveriesOf(tx, consumer, events, this.settings.now());
  }

  async stop(): Promise<void> {
    await Promise.all([...this.loops.values()].map((loop) => loop.stop()));
    await this.hints.stop();
  }

  async status(): Promise<readonly ConsumerStatus[]> {
    const { retryDelaysMs, now } = this.settings;
    const consumers = await this.uow.runAsWorker((tx) => readDeliveries(tx, retryDelaysMs.length));
    return consumers.map(({ consumer, pending, dead, oldest, waiting }) => ({
      consumer,
      pending,
      oldestPendingSeconds: secondsSince(oldest, now()),
      waiting,
      dead,
    }));
  }

  private wake(payload: string | undefined): void {
    const names = payload ? payload.split(',') : [...this.loops.keys()];
    for (const name of names) {
      this.loops.get(name)?.wake();
    }
  }
}
