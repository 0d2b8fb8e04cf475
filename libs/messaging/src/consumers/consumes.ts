import type { EventDefinition } from '#contracts';
import type { EventConsumer } from './event-consumer';

/** What {@link Consumes} says about a class. */
export interface ConsumesOptions {
  /** `<app>.<verb-noun>`, unique in the installation and never changed: under this name the consumer's events are kept. */
  readonly queue: string;
  /**
   * Whether handlers of events that share a transaction run side by side, so that all of them take the round trips of one; otherwise
   * one after the other. Only for a consumer that writes nothing it has worked out from rows which its events have in common: no
   * lock keeps the events of one transaction apart. False unless given.
   */
  readonly sideBySide?: boolean;
}

/** What the decorator leaves on the class. */
export interface ConsumerMetadata {
  readonly queue: string;
  readonly events: readonly EventDefinition[];
  readonly sideBySide: boolean;
}

type DataOf<Definition> = Definition extends EventDefinition<string, infer Data> ? Data : never;
type ConsumerClass<Data extends object> = abstract new (...dependencies: never[]) => EventConsumer<Data>;

const METADATA = Symbol('consumes');

/** Declares a provider as the consumer of one or several kinds of events. */
export function Consumes<Definition extends EventDefinition>(
  definitions: Definition | readonly Definition[],
  { queue, sideBySide = false }: ConsumesOptions,
): (target: ConsumerClass<DataOf<Definition>>) => void {
  const events: readonly EventDefinition[] = Array.isArray(definitions) ? definitions : [definitions];
  return (target) => {
    const metadata: ConsumerMetadata = { queue, events, sideBySide };
    Reflect.defineMetadata(METADATA, metadata, target);
  };
}

/** What {@link Consumes} said about this very class; undefined for any other. */
export function consumerMetadata(target: object): ConsumerMetadata | undefined {
  return Reflect.getOwnMetadata(METADATA, target) as ConsumerMetadata | undefined;
}
