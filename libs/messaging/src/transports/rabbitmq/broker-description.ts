import type { EventEnvelope } from '#contracts';
import { RETRY_DELAYS_MS } from '../../messaging-settings';
import { DEFAULT_BOUNDS, foreignQueue, foreignQueuesOf, foreignStream } from './foreign-queues';
import { eventMessage, HEADERS } from './messages';
import { Topology } from './topology';
import type { QueueDeclaration } from './topology';

/** What other services meet on a broker, for the documents. */
export interface BrokerDescription {
  /** The topic exchange that events are published to. */
  readonly exchange: string;
  /** The stream that keeps them for replay. */
  readonly log: QueueDeclaration;
  /** The queue of another company's consumer; its name has `{project}`, `{side}` and `{consumer}` where these come. */
  readonly foreignQueue: QueueDeclaration;
  /** The stream of such a consumer, if it has one. */
  readonly foreignStream: QueueDeclaration;
  /** Names of the headers that messages for other services may have. */
  readonly headers: Pick<typeof HEADERS, 'schema' | 'trace'>;
  /** The key under which events of a type and a project are published. */
  routingKey(type: string, projectId: string): string;
  /** The properties of an event's message. */
  messageOf(event: EventEnvelope): DescribedMessage;
}

/** Properties of a message, without those that name the one event. */
export interface DescribedMessage {
  readonly contentType: string;
  readonly contentEncoding: string;
  readonly headers: Readonly<Record<string, unknown>>;
}

const TEMPLATE = { project: '{project}', side: '{side}', name: '{consumer}' };

/** Describes the broker by the code that sets it up and publishes to it. */
export function describeBroker(): BrokerDescription {
  const topology = new Topology(RETRY_DELAYS_MS);
  const { exchange, queues } = topology.declarations([]);
  const log = queues.find(({ name }) => name === topology.log);
  if (!log) {
    throw new Error('The topology has no stream.');
  }
  const { schema, trace } = HEADERS;
  const names = foreignQueuesOf(TEMPLATE);
  return {
    exchange,
    log,
    foreignQueue: foreignQueue(names.queue, DEFAULT_BOUNDS),
    foreignStream: foreignStream(names.stream),
    headers: { schema, trace },
    routingKey: Topology.routingKey,
    messageOf: (event) => describeMessage(exchange, event),
  };
}

function describeMessage(exchange: string, event: EventEnvelope): DescribedMessage {
  const { properties } = eventMessage(exchange, {
    id: 0,
    eventId: event.id,
    projectId: event.projectid,
    aggregateId: event.subject,
    type: event.type,
    body: JSON.stringify(event),
    createdAt: new Date(event.time),
    traceparent: event.traceparent ?? null,
  });
  const { contentType, contentEncoding, headers } = properties;
  return {
    contentType: String(contentType),
    contentEncoding: String(contentEncoding),
    headers: headers as DescribedMessage['headers'],
  };
}
