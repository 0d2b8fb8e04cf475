import { createHash } from 'node:crypto';
import type { Message } from 'amqplib';
import type { EventEnvelope } from '#contracts';
import { readEnvelope } from '../../consumers/read-envelope';
import type { OutboxEvent } from '../event-transport';
import type { OutgoingMessage } from './confirmed-publisher';
import { Topology } from './topology';

/** Headers of a message. What concerns attempts is the product's own, and never on a message that other services get. */
export const HEADERS = {
  /** Version of the event's data. */
  schema: 'x-schema',
  /** W3C trace context of the change. */
  trace: 'traceparent',
  /** Attempts that have failed. */
  attempts: 'x-attempts',
  /** Why the last attempt failed. */
  reason: 'x-reason',
} as const;

/** A message as a consumer gets it. */
export interface IncomingMessage {
  /** The event's id; of a message that cannot be read the id that it was sent with, or what identifies its content. */
  readonly eventId: string;
  readonly body: string;
  /** Attempts that have failed. */
  readonly attempts: number;
  /** Null when the body is no event of this product. */
  readonly event: EventEnvelope | null;
  readonly source: Message;
}

/** An event for the exchange. */
export function eventMessage(exchange: string, event: OutboxEvent): OutgoingMessage {
  return {
    exchange,
    routingKey: Topology.routingKey(event.type, event.projectId),
    content: Buffer.from(event.body),
    properties: {
      contentType: 'application/cloudevents+json',
      contentEncoding: 'utf-8',
      messageId: event.eventId,
      type: event.type,
      timestamp: Math.floor(event.createdAt.getTime() / 1000),
      appId: 'helpdesk',
      headers: {
        [HEADERS.schema]: schemaOf(event.body),
        ...(event.traceparent && { [HEADERS.trace]: event.traceparent }),
      },
    },
  };
}

/** An event for one queue, once more. */
export function repeatedMessage(
  event: OutboxEvent,
  queue: string,
  headers: { readonly attempts: number; readonly reason?: string },
): OutgoingMessage {
  const message = eventMessage('', event);
  const attempts = withoutUndefined({ [HEADERS.attempts]: headers.attempts, [HEADERS.reason]: headers.reason });
  const properties = {
    ...message.properties,
    headers: { ...(message.properties.headers as object), ...attempts },
  };
  return { ...message, routingKey: queue, properties };
}

/** An event as if its message had come, without a failed attempt. */
export function heldMessage(event: OutboxEvent): IncomingMessage {
  const { content, properties } = eventMessage('', event);
  const fields = { deliveryTag: 0, redelivered: false, exchange: '', routingKey: '' };
  return readMessage({ content, fields, properties: properties as Message['properties'] });
}

/** The same message for one queue: content and properties as they were, attempts and reason as given. */
export function movedMessage(
  { source, eventId }: IncomingMessage,
  queue: string,
  headers: { readonly attempts: number; readonly reason?: string },
): OutgoingMessage {
  const { contentType, contentEncoding, type, timestamp, appId } = source.properties;
  const { [HEADERS.schema]: schema, [HEADERS.trace]: trace } = source.properties.headers ?? {};
  return {
    exchange: '',
    routingKey: queue,
    content: source.content,
    properties: {
      ...withoutUndefined({ contentType, contentEncoding, type, timestamp, appId }),
      messageId: eventId,
      headers: withoutUndefined({
        [HEADERS.schema]: schema,
        [HEADERS.trace]: trace,
        [HEADERS.attempts]: headers.attempts,
        [HEADERS.reason]: headers.reason,
      }),
    },
  };
}

/** Reads a message; one that is no event is answered as well, with a null event. */
export function readMessage(source: Message): IncomingMessage {
  const body = source.content.toString('utf8');
  const event = readEvent(body);
  const attempts: unknown = source.properties.headers?.[HEADERS.attempts];
  return {
    eventId: event?.id ?? messageIdOf(source),
    body,
    attempts: typeof attempts === 'number' ? attempts : 0,
    event,
    source,
  };
}

/** What the last failure was; for a message that the broker itself gave up, why it did. */
export function reasonOf({ properties }: Message): string {
  const headers = properties.headers ?? {};
  const reason: unknown = headers[HEADERS.reason];
  if (typeof reason === 'string') {
    return reason;
  }
  return headers['x-first-death-reason'] === 'delivery_limit'
    ? 'The message was delivered too often without an answer: its consumer died or lost its connection each time.'
    : 'unknown';
}

function readEvent(body: string): EventEnvelope | null {
  try {
    return readEnvelope(body);
  } catch {
    return null;
  }
}

/** The envelope, which we have written, names its data's version before anything that a user has written. */
function schemaOf(body: string): number {
  return Number(/"dataversion":(\d+)/.exec(body)?.[1] ?? 1);
}

function messageIdOf({ properties, content }: Message): string {
  const id: unknown = properties.messageId;
  return typeof id === 'string' && id !== ''
    ? id
    : `unreadable-${createHash('sha256').update(content).digest('hex').slice(0, 16)}`;
}

function withoutUndefined<Fields extends object>(fields: Fields): Partial<Fields> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<Fields>;
}
