import type { DeadDeliveries, MessagingOptions } from '#messaging';
import type { EventScene } from '#testing';

/** An event that waits for its next attempt. */
export interface WaitingEvent {
  /** Attempts that failed. */
  readonly attempts: number;
  /** From now until the next attempt, in milliseconds. */
  readonly dueInMs: number;
}

/** An installation whose events go through the transport under test, with what a test needs to reach into it. */
export interface TransportInstallation {
  readonly scene: EventScene;
  readonly dead: DeadDeliveries;
  /** An event that failed and waits on the ladder; null when it does not. */
  waiting(consumer: string, eventId: string): Promise<WaitingEvent | null>;
  /** Makes every wait on the ladder end now. */
  endWaits(): Promise<void>;
  /** Lets the transport have the event once more, as after a crash between hand-over and mark. */
  deliverAgain(eventId: string): Promise<void>;
  close(): Promise<void>;
}

/** How the contract suite gets at a transport. */
export interface TransportHarness {
  /**
   * Whether processes that run one consumer work for it at the same time. A broker knows nothing of aggregates: it keeps their order
   * by letting one process be active, and the others stand by.
   */
  readonly sharesWork: boolean;
  /**
   * Whether a process has events in hand whose handlers have not begun. It finishes them when it stops: to the broker, one that is
   * given back has been delivered in vain, as if the process had died of it.
   */
  readonly takesAhead: boolean;
  open(messaging?: Partial<MessagingOptions>): Promise<TransportInstallation>;
}
