import type { Subscription } from '../subscription';

/** Arguments of a queue's declaration. */
export type QueueArguments = Readonly<Record<string, string | number | boolean>>;

/** A queue: always durable, never exclusive or auto-deleted, the kinds that RabbitMQ 4 still has. */
export interface QueueDeclaration {
  readonly name: string;
  readonly arguments: QueueArguments;
}

/** What the exchange hands to a queue. */
export interface Binding {
  readonly queue: string;
  readonly exchange: string;
  readonly pattern: string;
}

/** Where a failed event waits for its next attempt. */
export interface Rung {
  readonly queue: string;
  readonly delayMs: number;
}

/** Everything that belongs to one consumer. */
export interface ConsumerQueues {
  readonly queue: string;
  /** The retry ladder, the shortest wait first. */
  readonly rungs: readonly Rung[];
  /** What nobody could handle. */
  readonly dead: string;
}

/** What has to exist before events can go: in the order in which it is declared, a queue's targets before itself. */
export interface Declarations {
  readonly exchange: string;
  readonly queues: readonly QueueDeclaration[];
  readonly bindings: readonly Binding[];
}

/** Messages that a consumer has in hand without having acknowledged them. Per consumer, never per channel: RabbitMQ 4 has no global qos. */
export const PREFETCH = { count: 50, global: false } as const;

/** Deliveries that end without an answer (a process died, a connection broke) before the broker itself calls a message dead. */
const DELIVERY_LIMIT = 20;

/**
 * Reading the dead list is a delivery too, and without a limit of its own a queue of RabbitMQ 4 drops what was read 20 times.
 * -1 means "no limit" there, but "none at all" to 3.10.
 */
export const NO_DELIVERY_LIMIT = 2_147_483_647;

/** Of a stream that keeps events for replay. Age leaves with whole segments, so these are small. */
export const LOG_ARGUMENTS: QueueArguments = {
  'x-queue-type': 'stream',
  'x-max-age': '7D',
  'x-stream-max-segment-size-bytes': 50_000_000,
};

/**
 * Names and arguments of everything that the product has on a broker. Valid on RabbitMQ 3.10 and 4: see the spec.
 *
 * A message moves on by itself in two ways, both at least once: from a rung to its queue when its wait is over, and from a queue to
 * the dead queue after too many unanswered deliveries. At-least-once needs `reject-publish`; no queue has a maximal length, for a
 * full one would refuse the relay's events for everybody.
 */
export class Topology {
  readonly exchange: string;
  /** The stream that keeps every event for replay. */
  readonly log: string;

  /**
   * @param retryDelaysMs the ladder's waits.
   * @param prefix set before every name: lets installations share a virtual host, as tests do.
   */
  constructor(
    private readonly retryDelaysMs: readonly number[],
    private readonly prefix = '',
  ) {
    this.exchange = `${prefix}helpdesk.events`;
    this.log = `${prefix}helpdesk.events.log`;
  }

  /** `ticket.created.<project>`. The project comes last, so that a right to bind can be limited to it. */
  static routingKey(type: string, projectId: string): string {
    return `${type}.${projectId}`;
  }

  /** The queues of a consumer. */
  queuesOf(consumer: string): ConsumerQueues {
    const queue = `${this.prefix}${consumer}`;
    return {
      queue,
      rungs: this.retryDelaysMs.map((delayMs, index) => ({ queue: `${queue}.retry.${index + 1}`, delayMs })),
      dead: `${queue}.dead`,
    };
  }

  /** The exchange and the stream, which every process needs, and what these consumers need. */
  declarations(subscriptions: readonly Subscription[]): Declarations {
    return {
      exchange: this.exchange,
      queues: [
        { name: this.log, arguments: LOG_ARGUMENTS },
        ...subscriptions.flatMap(({ consumer }) => declareQueues(this.queuesOf(consumer))),
      ],
      bindings: [
        { queue: this.log, exchange: this.exchange, pattern: '#' },
        ...subscriptions.flatMap((subscription) => this.bindingsOf(subscription)),
      ],
    };
  }

  private bindingsOf({ consumer, events }: Subscription): Binding[] {
    const { queue } = this.queuesOf(consumer);
    return events.map(({ type }) => ({ queue, exchange: this.exchange, pattern: Topology.routingKey(type, '*') }));
  }
}

/** One line of the log for each queue and each binding. */
export function topologyLines({ exchange, queues, bindings }: Declarations): ReadonlyArray<Record<string, unknown>> {
  return [
    { event: 'broker.exchange', exchange, type: 'topic' },
    ...queues.map((queue) => ({ event: 'broker.queue', queue: queue.name, arguments: queue.arguments })),
    ...bindings.map((binding) => ({ event: 'broker.binding', ...binding })),
  ];
}

function declareQueues({ queue, rungs, dead }: ConsumerQueues): QueueDeclaration[] {
  return [
    { name: dead, arguments: { 'x-queue-type': 'quorum', 'x-delivery-limit': NO_DELIVERY_LIMIT } },
    { name: queue, arguments: { ...movesOnTo(dead), 'x-single-active-consumer': true } },
    ...rungs.map((rung) => ({
      name: rung.queue,
      arguments: { ...movesOnTo(queue), 'x-message-ttl': rung.delayMs },
    })),
  ];
}

function movesOnTo(target: string): QueueArguments {
  return {
    'x-queue-type': 'quorum',
    'x-delivery-limit': DELIVERY_LIMIT,
    'x-dead-letter-exchange': '',
    'x-dead-letter-routing-key': target,
    'x-dead-letter-strategy': 'at-least-once',
    'x-overflow': 'reject-publish',
  };
}
