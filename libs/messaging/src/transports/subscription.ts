import type { EventDefinition } from '#contracts';
import type { EventConsumer } from '../consumers/event-consumer';

/** A consumer and the events that it wants. Durable: from its first start on its events are kept for it, whether it runs or not. */
export interface Subscription extends EventConsumer {
  /** The queue's name. */
  readonly consumer: string;
  readonly events: readonly EventDefinition[];
  /** Whether its handlers may run side by side in one transaction, see `ConsumesOptions`. */
  readonly sideBySide?: boolean;
}
