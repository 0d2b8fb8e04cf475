import { setMaxListeners } from 'node:events';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { Database, UnitOfWork } from '#database';
import type { WorkerTx } from '#database';
import { ConsumerRuntime } from '../../consumers/consumer-runtime';
import { addConsumers, readDeliveries, secondsSince } from '../../consumers/known-consumers';
import type { ConsumerDeliveries } from '../../consumers/known-consumers';
import { handlerSlots } from '../../consumers/slots';
import { MESSAGING_SETTINGS } from '../../messaging-settings';
import type { MessagingSettings } from '../../messaging-settings';
import type { ConsumerStatus, EventTransport, OutboxEvent, Refusal } from '../event-transport';
import type { Subscription } from '../subscription';
import { Broker } from './broker';
import { BrokerUnavailableError } from './broker.errors';
import { within } from './broker-connection';
import { DeliveryHandler } from './delivery-handler';
import { publishedBefore } from './queue-age';
import { StrandedEvents } from './stranded-events';
import { eventMessage, repeatedMessage } from './messages';
import { QueueConsumer } from './queue-consumer';

/** How long a start waits for its consumers to be on. */
const START_TIMEOUT_MS = 10_000;

/** Messages of a consumer. */
interface MessageCounts {
  /** In its queue or in hand. */
  readonly inQueue: number;
  readonly dead: number;
}

/**
 * Carries events through RabbitMQ. An event counts as published when the broker has confirmed it; what the broker does not take now
 * stays in the outbox, and no transaction waits for a broker that is away or blocked.
 */
@Injectable()
export class RabbitMqTransport implements EventTransport {
  private readonly logger = new Logger('event-path');
  private readonly stopping = new AbortController();
  private consumers: ReadonlyMap<string, QueueConsumer> = new Map();
  private stranded: StrandedEvents | undefined;

  constructor(
    private readonly database: Database,
    private readonly uow: UnitOfWork,
    private readonly runtime: ConsumerRuntime,
    private readonly broker: Broker,
    @Inject(MESSAGING_SETTINGS) private readonly settings: MessagingSettings,
  ) {
    // Every message in hand may wait for it.
    setMaxListeners(0, this.stopping.signal);
  }

  /** A broker that is away does not keep a process from starting: consumers begin and events go when it is back. */
  async start(subscriptions: readonly Subscription[]): Promise<void> {
    await this.uow.runAsWorker((tx) => addConsumers(tx, subscriptions, this.settings.now()));
    const { uow, broker, settings } = this;
    const isReachable = await broker.start(subscriptions);
    this.consumers = this.makeConsumers(subscriptions);
    for (const consumer of this.consumers.values()) {
      consumer.start();
    }
    this.stranded = new StrandedEvents(subscriptions, { uow, broker, settings }, this.stopping.signal);
    this.stranded.start();
    if (isReachable) {
      await within(START_TIMEOUT_MS, Promise.all([...this.consumers.values()].map(({ begun }) => begun)));
    } else {
      this.logger.error({ event: 'broker.unreachable', hint: 'Events wait in the database until it is back.' });
    }
  }

  async deliver(_tx: WorkerTx, events: readonly OutboxEvent[], limitMs?: number): Promise<readonly Refusal[]> {
    const { exchange, log } = this.broker.topology;
    const messages = events.map((event) => eventMessage(exchange, event));
    const receipts = await this.broker.events.publish(messages, limitMs);
    return events
      .filter((_event, index) => receipts[index] === 'unroutable')
      .map(({ id }) => ({ id, reason: `${exchange} has no queue for it: the binding of ${log} is missing.` }));
  }

  async deliverTo(_tx: WorkerTx, consumer: string, events: readonly OutboxEvent[]): Promise<void> {
    await this.broker.reach();
    const { queue } = this.broker.topology.queuesOf(consumer);
    const receipts = await this.broker.moves.publish(
      events.map((event) => repeatedMessage(event, queue, { attempts: 0 })),
    );
    if (receipts.includes('unroutable')) {
      throw new BrokerUnavailableError(`The queue ${queue} is missing. Start its consumer, then try again.`);
    }
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    const consumers = [...this.consumers.values()];
    await Promise.all([...consumers.map((consumer) => consumer.drain()), this.stranded?.ended()]);
    await Promise.all(consumers.map((consumer) => consumer.close()));
    await this.broker.close();
    await Promise.all(consumers.map((consumer) => consumer.ended()));
  }

  /**
   * Waiting events are those in the queue, in hand, on the ladder and behind one there; one that has just come back from the ladder
   * may count twice.
   */
  async status(): Promise<readonly ConsumerStatus[] | null> {
    const { retryDelaysMs } = this.settings;
    const consumers = await this.uow.runAsWorker((tx) => readDeliveries(tx, retryDelaysMs.length));
    const counts = await this.broker.ask(() => Promise.all(consumers.map(({ consumer }) => this.count(consumer))));
    return counts ? Promise.all(consumers.map((held, index) => this.statusOf(held, counts[index]!))) : null;
  }

  private async count(consumer: string): Promise<MessageCounts> {
    const { queue, dead } = this.broker.topology.queuesOf(consumer);
    return {
      inQueue: (await this.consumers.get(consumer)?.depth()) ?? (await this.broker.count(queue)),
      dead: await this.broker.count(dead),
    };
  }

  private async statusOf(held: ConsumerDeliveries, { inQueue, dead }: MessageCounts): Promise<ConsumerStatus> {
    const { consumer, types, waiting } = held;
    const oldestInQueue = await this.uow.runAsWorker((tx) => publishedBefore(tx, types, inQueue));
    const now = this.settings.now();
    return {
      consumer,
      pending: inQueue + held.pending,
      oldestPendingSeconds: Math.max(secondsSince(held.oldest, now), secondsSince(oldestInQueue, now)),
      waiting,
      dead,
    };
  }

  private makeConsumers(subscriptions: readonly Subscription[]): ReadonlyMap<string, QueueConsumer> {
    const { uow, runtime, settings, broker } = this;
    const slots = handlerSlots(this.database);
    const context = { uow, runtime, settings, slots, moves: broker.moves };
    const { signal } = this.stopping;
    return new Map(
      subscriptions.map((subscription) => {
        const queues = broker.topology.queuesOf(subscription.consumer);
        const source = { queue: queues.queue, connection: broker.consuming, declare: () => broker.declare() };
        const handler = new DeliveryHandler(subscription, queues, context, signal);
        return [subscription.consumer, new QueueConsumer(source, handler, slots, signal)];
      }),
    );
  }
}
