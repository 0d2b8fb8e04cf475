import type { EventEnvelope } from '#contracts';
import type { Tx } from '#database';

/** What a consumer gets beside the event. */
export interface ConsumeContext {
  /** Bound to the event's project. What is written here commits together with the mark that the event is done. */
  readonly tx: Tx;
  /** 1 the first time, one more after each failure. */
  readonly attempt: number;
  /** Aborted when time is up and when the process stops: a handler that waits for something may give up, others just finish. */
  readonly signal: AbortSignal;
}

/**
 * A reaction to events. A thrown `DomainError` is final (the event goes to the dead list) unless its code says that a repeat may
 * succeed; any other error is tried again. A subject that is gone or disabled is no error: the reaction returns.
 */
export interface EventConsumer<Data extends object = object> {
  handle(event: EventEnvelope<Data>, context: ConsumeContext): Promise<void>;
}
