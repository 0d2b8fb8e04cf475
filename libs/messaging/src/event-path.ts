import { Inject, Injectable } from '@nestjs/common';
import { ConsumerDiscovery } from './consumers/consumer-discovery';
import { OutboxBacklog } from './relay/outbox-backlog';
import { Relay } from './relay/relay';
import { RetentionSchedule } from './retention/retention-schedule';
import { EVENT_TRANSPORT } from './transports/event-transport';
import type { ConsumerStatus, EventTransport } from './transports/event-transport';

/** How far events lag behind their changes. */
export interface EventPathStatus {
  /** Age of the oldest event that the transport has not taken, in seconds; 0 when there is none. */
  readonly oldestUnpublishedSeconds: number;
  readonly unpublished: number;
  /** Null while the transport is not reachable: nothing is known of them then. */
  readonly consumers: readonly ConsumerStatus[] | null;
}

/** The process's part in the event path: consumers, relay and retention. */
@Injectable()
export class EventPath {
  constructor(
    private readonly consumers: ConsumerDiscovery,
    @Inject(EVENT_TRANSPORT) private readonly transport: EventTransport,
    private readonly relay: Relay,
    private readonly retention: RetentionSchedule,
    private readonly backlog: OutboxBacklog,
  ) {}

  /** Once the consumers are known, so that no event is relayed past a new one. */
  async start(): Promise<void> {
    await this.transport.start(this.consumers.subscriptions());
    this.relay.start();
    this.retention.start();
  }

  /** Takes up nothing new and ends what has begun: the relay's pass, the handlers, the batch that retention deletes. */
  async stop(): Promise<void> {
    await Promise.all([this.relay.stop().then(() => this.transport.stop()), this.retention.stop()]);
  }

  /** Reads the backlog first: an event that has left it by then is seen with its consumers. */
  async status(): Promise<EventPathStatus> {
    const { events, oldestSeconds } = await this.backlog.read();
    const consumers = await this.transport.status();
    return { oldestUnpublishedSeconds: oldestSeconds, unpublished: events, consumers };
  }
}
