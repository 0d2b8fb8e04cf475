import type { ConsumedEvent, Outcome } from '../consumers/consumption-log';

/** The relay's duties, of each of which one process is active at a time. */
export type RelayDuty = 'positions' | 'delivery';

/** How a pass of the relay ended: it moved on what was there, left the duty to another process, or failed. */
export type RelayPass = 'done' | 'busy' | 'failed';

/**
 * Why the transport did not take events: it has no place for one (`returned`), said no (`nacked`), did not answer in time or could
 * not be reached (`unavailable`), or something else went wrong, such as the database (`failed`).
 */
export type PublishFailure = 'returned' | 'nacked' | 'unavailable' | 'failed';

/**
 * Is told what happens on the event path of this process, to count it. Called on the way of every event: it returns at once and
 * never throws.
 */
export interface EventObserver {
  /** An attempt at an event has ended. */
  consumed(event: ConsumedEvent, outcome: Outcome): void;
  /** The transport has taken so many events. */
  published(events: number): void;
  /** So many events were returned, or a whole hand-over failed, which counts as one. */
  publishFailed(failure: PublishFailure, count: number): void;
  /** A pass of the relay has ended. */
  relayPassed(duty: RelayDuty, pass: RelayPass): void;
}

/** Observes nothing. */
export const NO_OBSERVER: EventObserver = {
  consumed: () => undefined,
  published: () => undefined,
  publishFailed: () => undefined,
  relayPassed: () => undefined,
};
