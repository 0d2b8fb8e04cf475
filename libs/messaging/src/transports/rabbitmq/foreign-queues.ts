import { LOG_ARGUMENTS, NO_DELIVERY_LIMIT } from './topology';
import type { QueueDeclaration } from './topology';

/** Which consumer of another company: names on the broker are made of it, and read from them. */
export interface ForeignConsumerKey {
  /** The slug of the project whose events it gets. */
  readonly project: string;
  readonly side: 'live' | 'test';
  readonly name: string;
}

/** Where a queue ends: what comes when it is full, or stays for too long, drops the oldest messages. */
export interface QueueBounds {
  readonly maxLength: number;
  readonly maxBytes: number;
  readonly ttlSeconds: number;
}

/** What a foreign consumer has on the broker. */
export interface ForeignQueues {
  /** Its queue; its user has the same name. */
  readonly queue: string;
  /** Its own stream for replay, which only some have. */
  readonly stream: string;
}

/** What a queue of another company has, unless it is asked for otherwise. */
export const DEFAULT_BOUNDS: QueueBounds = { maxLength: 100_000, maxBytes: 200_000_000, ttlSeconds: 7 * 86_400 };

const STREAM_MAX_BYTES = 2_000_000_000;

/** Between the prefix and the consumer. No consumer of the product's own, and nothing else of it, is called so. */
const FAMILY = 'helpdesk.consumers.';

/** The names of a consumer's user, queue and stream. */
export function foreignQueuesOf(
  { project, side, name }: Readonly<Record<keyof ForeignConsumerKey, string>>,
  prefix = '',
): ForeignQueues {
  const queue = `${prefix}${FAMILY}${project}.${side}.${name}`;
  return { queue, stream: `${queue}.log` };
}

/** Whose queue (or user) has this name; undefined for any other name. */
export function foreignConsumerOf(queue: string, prefix = ''): ForeignConsumerKey | undefined {
  if (!queue.startsWith(prefix + FAMILY)) {
    return undefined;
  }
  const [project, side, name, ...rest] = queue.slice(prefix.length + FAMILY.length).split('.');
  const isWhole = project && name && rest.length === 0 && (side === 'live' || side === 'test');
  return isWhole ? { project, side, name } : undefined;
}

/**
 * A bounded queue. It drops its head: a queue that refuses instead would refuse the relay's events for everybody. One consumer is
 * active and others stand by, which keeps the order, and bounds what can be in hand unacknowledged, where no other bound counts.
 * It gives nothing up for being delivered often: a consumer that crashes for a while must not lose what it had in hand.
 */
export function foreignQueue(name: string, bounds: QueueBounds): QueueDeclaration {
  return {
    name,
    arguments: {
      'x-queue-type': 'quorum',
      'x-delivery-limit': NO_DELIVERY_LIMIT,
      'x-single-active-consumer': true,
      'x-overflow': 'drop-head',
      'x-max-length': bounds.maxLength,
      'x-max-length-bytes': bounds.maxBytes,
      'x-message-ttl': bounds.ttlSeconds * 1000,
    },
  };
}

/** A stream that keeps the consumer's events for replay, as the product's own keeps those of all projects. */
export function foreignStream(name: string): QueueDeclaration {
  return { name, arguments: { ...LOG_ARGUMENTS, 'x-max-length-bytes': STREAM_MAX_BYTES } };
}

/** The bounds that a queue was declared with. */
export function boundsOf(args: Readonly<Record<string, unknown>>): QueueBounds {
  return {
    maxLength: Number(args['x-max-length']),
    maxBytes: Number(args['x-max-length-bytes']),
    ttlSeconds: Number(args['x-message-ttl']) / 1000,
  };
}
