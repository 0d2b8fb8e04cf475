/** Describes one kind of event: its name on the wire, its version, and when it happens. */
export interface EventDefinition<Type extends string = string, Data extends object = object> {
  readonly type: Type;
  /** Version of the payload; grows when a consumer would have to change. */
  readonly version: number;
  /** When it fires, as the event catalogue says it. */
  readonly description: string;
  /** What the event is about: its `subject` is this object's id, its `sequence` counts this object's events. */
  readonly aggregate: 'ticket' | 'subscriber' | 'request';
  readonly example: Data;
}

/** An event as a use case appends it; id, sequence and time are given by the outbox. */
export interface DomainEvent<Type extends string = string, Data extends object = object> {
  readonly definition: EventDefinition<Type, Data>;
  readonly aggregateId: string;
  /** The aggregate's own event counter: 1, 2, 3 … without gaps. Taken under the aggregate's row lock. */
  readonly sequence: number;
  readonly occurredAt: Date;
  /** The request that caused it, if one did. */
  readonly requestId?: string;
  /** The trace that it belongs to (W3C Trace Context), if there is one. */
  readonly traceparent?: string;
  readonly data: Data;
}

/** The CloudEvents 1.0 envelope (structured JSON) in which an event is stored and published. */
export interface EventEnvelope<Data extends object = object> {
  readonly specversion: '1.0';
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly subject: string;
  readonly time: string;
  readonly datacontenttype: 'application/json';
  /** Version of `data`, see {@link EventDefinition.version}. */
  readonly dataversion: number;
  readonly sequence: number;
  readonly projectid: string;
  readonly requestid?: string;
  readonly traceparent?: string;
  readonly data: Data;
}

/** Declares an event once, with its payload type taken from the example. */
export function defineEvent<Type extends string, Data extends object>(
  definition: EventDefinition<Type, Data>,
): EventDefinition<Type, Data> {
  return Object.freeze(definition);
}
