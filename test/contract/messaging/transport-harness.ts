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
  open(messaging?: Partial<MessagingOptions>): Promise<TransportInstallation>;
}
