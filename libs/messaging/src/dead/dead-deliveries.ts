import type { EventEnvelope } from '#contracts';

/** An event that a consumer could not handle: no more attempts happen until an operator decides. */
export interface DeadDelivery {
  readonly consumer: string;
  readonly eventId: string;
  readonly type: string;
  readonly projectId: string;
  /** What the event is about. */
  readonly aggregateId: string;
  readonly attempts: number;
  /** Why the last attempt failed. */
  readonly reason: string;
}

/** A dead delivery with its event; its text, when that is no event. */
export interface DeadDeliveryDetails extends DeadDelivery {
  readonly event: EventEnvelope | string;
}

/** Which dead deliveries. */
export interface DeadListRequest {
  /** Only this consumer's. */
  readonly consumer?: string;
  /** At most so many, the oldest first. */
  readonly limit: number;
}

/** The dead list, for operators: the same whatever the transport. Injectable. */
export abstract class DeadDeliveries {
  abstract list(request: DeadListRequest): Promise<readonly DeadDelivery[]>;
  /** Null when no such delivery is dead. */
  abstract show(consumer: string, eventId: string): Promise<DeadDeliveryDetails | null>;
  /** Gives the event to its consumer again, with all attempts before it. False when no such delivery is dead. */
  abstract redrive(consumer: string, eventId: string): Promise<boolean>;
  /** Gives the event up. False when no such delivery is dead. */
  abstract discard(consumer: string, eventId: string): Promise<boolean>;
}
