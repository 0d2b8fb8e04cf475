import { NO_OBSERVER } from './observation/event-observer';
import type { EventObserver } from './observation/event-observer';

/** How the event path of a process behaves. What is not given has the product's own value. */
export interface MessagingOptions {
  readonly transport: 'postgres' | 'rabbitmq';
  /** Needed by the transport of that name. */
  readonly rabbitmq?: RabbitMqOptions;
  /** How long published events are kept for readers of the event log. */
  readonly retentionDays: number;
  /** Waits before the second, third … attempt of a failed event; after the last one it is dead. */
  readonly retryDelaysMs?: readonly number[];
  /** Longest that a handler may take. */
  readonly handlerTimeoutMs?: number;
  /** How often a process looks for events that would wait for ever. */
  readonly searchEveryMs?: number;
  /**
   * So long after an event's next attempt was due its message counts as lost, when its queue is empty. Longer than a broker takes to
   * move messages off a rung, and than they may be in hand behind others: each time counts as an attempt.
   */
  readonly overdueMs?: number;
  /** Is told what happens, to count it. */
  readonly observer?: EventObserver;
  /** The clock of retries and retention: always the real one, except in tests. */
  readonly now?: () => Date;
}

/** Where the broker is. */
export interface RabbitMqOptions {
  /** `amqp://user:password@host:port/vhost`, with TLS `amqps://…`. */
  readonly url: string;
  /** Set before every name on the broker, for installations that share a virtual host. */
  readonly prefix?: string;
}

/** {@link MessagingOptions} with nothing left open. */
export type MessagingSettings = Required<Omit<MessagingOptions, 'transport' | 'rabbitmq'>>;

/** Injects the {@link MessagingSettings}. */
export const MESSAGING_SETTINGS = Symbol('messaging-settings');

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** 5 s, 30 s, 2 min, 10 min, 1 h. */
export const RETRY_DELAYS_MS: readonly number[] = [5 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE, 60 * MINUTE];

/** Below the time that a process is given to stop, so that a drain ends by itself. */
const HANDLER_TIMEOUT_MS = 20 * SECOND;

const SEARCH_EVERY_MS = 10 * SECOND;

const OVERDUE_MS = 15 * MINUTE;

/** Fills in what was not given. */
export function messagingSettings({
  retentionDays,
  ...given
}: Omit<MessagingOptions, 'transport' | 'rabbitmq'>): MessagingSettings {
  return {
    retentionDays,
    retryDelaysMs: given.retryDelaysMs ?? RETRY_DELAYS_MS,
    handlerTimeoutMs: given.handlerTimeoutMs ?? HANDLER_TIMEOUT_MS,
    searchEveryMs: given.searchEveryMs ?? SEARCH_EVERY_MS,
    overdueMs: given.overdueMs ?? OVERDUE_MS,
    observer: given.observer ?? NO_OBSERVER,
    now: given.now ?? (() => new Date()),
  };
}
