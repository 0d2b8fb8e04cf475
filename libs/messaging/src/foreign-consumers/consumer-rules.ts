import { DomainError } from '#contracts';
import { DEFAULT_BOUNDS } from '../transports/rabbitmq/foreign-queues';
import type { ForeignConsumerKey, QueueBounds } from '../transports/rabbitmq/foreign-queues';

const NAME = /^[a-z0-9-]{2,40}$/;

/** What a bound may be. The broker takes no time to live of 50 days or more. */
const RANGES: Readonly<
  Record<keyof QueueBounds, { readonly min: number; readonly max: number; readonly what: string }>
> = {
  maxLength: { min: 1, max: 10_000_000, what: 'The most messages that a queue keeps' },
  maxBytes: { min: 1_000_000, max: 100_000_000_000, what: 'The most bytes that a queue keeps' },
  ttlSeconds: { min: 60, max: 30 * 86_400, what: 'The seconds for which a queue keeps a message' },
};

/**
 * Names are parts of other names, of which some are those of streams: none may have a dot.
 * @throws {DomainError} `validation_failed` for a name or a project that none can have.
 */
export function assertKey({ name, project }: ForeignConsumerKey): void {
  const faults = [
    ['A consumer’s name', name],
    ['A project’s slug', project],
  ].filter(([, value]) => !NAME.test(value ?? ''));
  for (const [what, value] of faults) {
    throw new DomainError(
      'validation_failed',
      `${what} has 2 to 40 of a-z, 0-9 and "-". "${value?.slice(0, 60)}" has not.`,
    );
  }
}

/**
 * The bounds that are asked for, or those that are there, or the usual ones.
 * @throws {DomainError} `validation_failed` outside of what is allowed.
 */
export function completeBounds(asked: Partial<QueueBounds>, present: QueueBounds = DEFAULT_BOUNDS): QueueBounds {
  const bounds: Record<keyof QueueBounds, number> = { ...present };
  for (const name of Object.keys(RANGES) as (keyof QueueBounds)[]) {
    const value = asked[name];
    if (value !== undefined) {
      assertWithin(name, value);
      bounds[name] = value;
    }
  }
  return bounds;
}

function assertWithin(name: keyof QueueBounds, value: number): void {
  const { min, max, what } = RANGES[name];
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new DomainError(
      'validation_failed',
      `${what} must be a whole number from ${min} to ${max}. ${value} is not.`,
    );
  }
}
