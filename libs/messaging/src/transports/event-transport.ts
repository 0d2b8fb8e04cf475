import type { WorkerTx } from '#database';
import type { Subscription } from './subscription';

/** What an event is about and where it belongs. */
export interface EventHeader {
  /** Order of events: per aggregate it is the order in which things happened. */
  readonly id: number;
  readonly eventId: string;
  readonly projectId: string;
  readonly aggregateId: string;
  readonly type: string;
}

/** A committed event on its way out of the outbox. */
export interface OutboxEvent extends EventHeader {
  /** The CloudEvents JSON exactly as it goes out. */
  readonly body: string;
  readonly createdAt: Date;
  readonly traceparent: string | null;
}

/** An event that the transport could not take. The later ones of its aggregate wait for it, all others go on. */
export interface Refusal {
  readonly id: number;
  readonly reason: string;
}

/** The transport takes no events now; a repeat may succeed. */
export class DeliveryError extends Error {
  constructor(
    message: string,
    /** Whether it answered and said no, or did not answer. */
    readonly failure: 'nacked' | 'unavailable',
  ) {
    super(message);
    this.name = 'DeliveryError';
  }
}

/** How far a consumer is. */
export interface ConsumerStatus {
  readonly consumer: string;
  /** Events that it has yet to handle, those that wait on the ladder and behind them among them. */
  readonly pending: number;
  /** For how long the oldest of them has been with the transport, in seconds; 0 when there is none. */
  readonly oldestPendingSeconds: number;
  /** Events that have failed and wait for their next attempt, by rung: the first number is the first rung's. */
  readonly waiting: readonly number[];
  /** Events that it could not handle and that wait for an operator. */
  readonly dead: number;
}

/**
 * Carries events from the outbox to the consumers. What every transport promises is written in its contract suite: at least once,
 * per aggregate and consumer in order, once in effect, retries on the ladder, a dead list, a drain that cuts nothing off.
 */
export interface EventTransport {
  /** Makes the subscriptions known, durably, and begins to consume for them. */
  start(subscriptions: readonly Subscription[]): Promise<void>;
  /**
   * Takes events in the order given. When it returns, all but the refused ones are safe with the transport; a repeat of an event
   * is harmless. A transport that lives in the database writes in `tx`, the relay's transaction.
   * @param limitMs how long it may take, in milliseconds; the transport's own limit when it is not given.
   * @throws {DeliveryError} when the transport does not take them now: then none counts as taken.
   */
  deliver(tx: WorkerTx, events: readonly OutboxEvent[], limitMs?: number): Promise<readonly Refusal[]>;
  /**
   * Only of a transport that lives in the database: takes events, all of them, in the very transaction that gives them their
   * positions. Then the relay hands fresh events over that way, and by {@link deliver} only what was left over.
   */
  deliverInPlace?(tx: WorkerTx, events: readonly EventHeader[]): Promise<void>;
  /**
   * Takes published events once more, for one consumer alone, in the order given. When the transaction commits they are safe with the
   * transport.
   * @throws {DeliveryError} when the transport cannot be reached or has no place for them.
   */
  deliverTo(tx: WorkerTx, consumer: string, events: readonly OutboxEvent[]): Promise<void>;
  /** Takes no more events from the queues, lets the handlers that run end, and gives its connections back. */
  stop(): Promise<void>;
  /** Every consumer that the transport keeps events for, in the order of names; null while the transport is not reachable. */
  status(): Promise<readonly ConsumerStatus[] | null>;
}

/** Injects the {@link EventTransport}. */
export const EVENT_TRANSPORT = Symbol('event-transport');
