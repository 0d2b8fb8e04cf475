import type { ForeignConsumerKey, QueueBounds } from '../transports/rabbitmq/foreign-queues';
import type { EventChoice } from './event-choice';

/** A foreign consumer as the broker has it. */
export interface ForeignConsumer extends ForeignConsumerKey {
  /** Its user on the broker. */
  readonly user: string;
  readonly vhost: string;
  readonly queue: string;
  /** Its stream, if it has one. */
  readonly stream: string | null;
  /** Null when its rights were written by somebody else, or are missing. */
  readonly projectId: string | null;
  readonly events: EventChoice | null;
  /** What its queue gets now: it may bind less than it is allowed to. */
  readonly bindings: readonly string[];
  readonly bounds: QueueBounds | null;
  /** In its queue, of some seconds ago. Null when the broker has not counted yet. */
  readonly messages: number | null;
  /** Connections' consumers at its queue, of some seconds ago. */
  readonly consumers: number | null;
  /** What is missing, because the command that made or removed it has died; empty for a whole one. */
  readonly missing: readonly ('user' | 'rights' | 'queue')[];
}
