import { EVENT_CATALOGUE, EVENT_TYPES } from '#contracts';
import type { EventDefinition } from '#contracts';
import { describeBroker } from '#messaging';
import type { BrokerDescription, QueueDeclaration } from '#messaging';
import type { ApiDocument } from '../openapi/api-document';
import type { Schema, Schemas } from '../openapi/schema-object';
import { eventSchema } from './event-schemas';
import { EXAMPLE_PROJECT_ID, exampleEnvelope } from './example-envelope';
import { inDraft07 } from './draft-07';

/** Version of the AMQP bindings of AsyncAPI that the document uses. */
const BINDING_VERSION = '0.3.0';

const DESCRIPTION = `What happens in a helpdesk, for other services: every event as a message on RabbitMQ, in the form of CloudEvents 1.0 (structured JSON).

**At least once.** The same event may come again, always with the same \`id\`: remember what you have handled.

**In order.** The events of one ticket are published in the order of \`sequence\`, without gaps; a repeat may come late.

**Open.** Events and their data may come to have more members: pass over what you do not know. A change that breaks readers has another \`dataversion\`.

The document is written from the side of a service that receives.`;

/** The events on the broker as an AsyncAPI 3.0 document. */
export interface AsyncApiDocument {
  readonly asyncapi: '3.0.0';
  readonly info: object;
  readonly defaultContentType: string;
  readonly servers: Readonly<Record<string, object>>;
  readonly channels: Readonly<Record<string, { readonly address: string; readonly messages: object } & object>>;
  readonly operations: Readonly<Record<string, object>>;
  readonly components: {
    readonly messages: Readonly<Record<string, object>>;
    readonly schemas: Schemas;
    readonly securitySchemes: object;
  };
}

/** Describes the events of the catalogue as they go over the broker, with the schemas of the API document. */
export function describeEventMessages(api: ApiDocument): AsyncApiDocument {
  const broker = describeBroker();
  const described = EVENT_CATALOGUE.map((event) => eventSchema(event, api, '#/components/schemas/'));
  const parts = Object.assign({}, ...described.map((one) => one.parts)) as Schemas;
  const { version, license } = api.info;
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Helpdesk events',
      version,
      description: DESCRIPTION,
      license: { name: license.name, url: `https://spdx.org/licenses/${license.identifier}.html` },
      tags: [{ name: 'events', description: 'What has happened.' }],
    },
    defaultContentType: contentTypeOf(broker),
    servers: { broker: SERVER },
    channels: {
      queue: queueChannel(broker),
      stream: streamChannel(broker),
      events: eventsChannel(broker),
      log: logChannel(broker),
    },
    operations: OPERATIONS,
    components: {
      messages: Object.fromEntries(EVENT_CATALOGUE.map((event) => [event.type, messageOf(event, broker)])),
      schemas: {
        ...Object.fromEntries(described.map(({ event, envelope }) => [event.type, inDraft07(envelope)])),
        ...Object.fromEntries(
          Object.keys(parts)
            .toSorted()
            .map((name) => [name, inDraft07(parts[name] ?? {})]),
        ),
      },
      securitySchemes: {
        user: {
          type: 'userPassword',
          description:
            'A user of the broker that the operator has made for your service (`helpdesk consumer add`). It may read its queue and its stream and bind its queue to the events that it was given; it may declare, delete and publish nothing.',
        },
      },
    },
  };
}

const SERVER = {
  host: 'localhost:5672',
  protocol: 'amqp',
  protocolVersion: '0.9.1',
  description: 'The RabbitMQ of the installation (`RABBITMQ_URL`), 3.10 or later.',
  security: [{ $ref: '#/components/securitySchemes/user' }],
};

const STREAM_READING =
  'Consume with `x-stream-offset` (`first`, `last`, `next`, an offset, or a time), a prefetch count and acknowledgements. The offset of each message is its header `x-stream-offset`: store it, the broker does not.';

const MESSAGES = Object.fromEntries(EVENT_TYPES.map((type) => [type, { $ref: `#/components/messages/${type}` }]));

const OPERATIONS = {
  receiveEvents: operation('queue', {
    title: 'Receive events',
    summary: 'From the queue that the operator has made for your service.',
    description:
      'Consume with a prefetch count. Acknowledge an event when its effect is stored; what is not acknowledged comes again. Of several consumers one is active, and the others stand by.',
  }),
  replayEvents: operation('stream', {
    title: 'Read events again',
    summary: 'From the stream that the operator has made for your service, if you have asked for one.',
    description: STREAM_READING,
  }),
  receiveAllEvents: operation('events', {
    title: 'Receive events of any project',
    summary: 'For services of the installation’s own: from a queue that they declare and bind themselves.',
    description:
      'Needs a user with the right to configure that queue. Bound its length, and let it drop its head: a queue that is full and refuses would refuse events for everybody.',
  }),
  readLog: operation('log', {
    title: 'Read events of any project again',
    summary: 'For services of the installation’s own: from the stream of all events.',
    description: STREAM_READING,
  }),
};

function operation(
  channel: string,
  texts: { readonly title: string; readonly summary: string; readonly description: string },
) {
  return {
    action: 'receive',
    channel: { $ref: `#/channels/${channel}` },
    ...texts,
    tags: [{ name: 'events' }],
    bindings: { amqp: { ack: true, bindingVersion: BINDING_VERSION } },
    messages: EVENT_TYPES.map((type) => ({ $ref: `#/channels/${channel}/messages/${type}` })),
  };
}

function eventsChannel({ exchange, routingKey }: BrokerDescription) {
  return {
    address: routingKey('{type}', '{project_id}'),
    title: 'Events as they happen',
    description: [
      `The topic exchange \`${exchange}\`. The address is the routing key: the event's type, then the project.`,
      `Bind \`${routingKey(EVENT_TYPES[0] ?? '', EXAMPLE_PROJECT_ID)}\` for one type of one project, \`${routingKey('ticket.*', EXAMPLE_PROJECT_ID)}\` for everything about its tickets.`,
    ].join(' '),
    servers: [{ $ref: '#/servers/broker' }],
    parameters: {
      type: { enum: EVENT_TYPES, description: 'What happened.' },
      project_id: { description: 'The side of the project.', examples: [EXAMPLE_PROJECT_ID] },
    },
    messages: MESSAGES,
    bindings: {
      amqp: {
        is: 'routingKey',
        exchange: { name: exchange, type: 'topic', durable: true, autoDelete: false, vhost: '/' },
        bindingVersion: BINDING_VERSION,
      },
    },
  };
}

function queueChannel({ foreignQueue }: BrokerDescription) {
  return {
    ...ownChannel(foreignQueue),
    title: 'The queue of your service',
    description:
      'Holds the events that your service was given, until it acknowledges them. It is bounded: beyond its length or its time it drops the oldest events (`x-queue-arguments` has the usual bounds).',
  };
}

function streamChannel({ foreignStream }: BrokerDescription) {
  return {
    ...ownChannel(foreignStream),
    title: 'The stream of your service',
    description: `Keeps the events that your service was given for \`${ageOf(foreignStream)}\`, whether it has read them or not.`,
  };
}

function ownChannel(queue: QueueDeclaration) {
  return {
    ...queueChannelOf(queue),
    parameters: {
      project: { description: 'The slug of the project.', examples: ['acme'] },
      side: { enum: ['live', 'test'], description: 'The side of the project.' },
      consumer: { description: 'The name that the operator gave your service.', examples: ['crm'] },
    },
  };
}

function logChannel({ log }: BrokerDescription) {
  return {
    ...queueChannelOf(log),
    title: 'Events that have happened',
    description: `A stream of the events of all projects, kept for \`${ageOf(log)}\`: for services of the installation’s own.`,
  };
}

function queueChannelOf({ name, arguments: args }: QueueDeclaration) {
  return {
    address: name,
    servers: [{ $ref: '#/servers/broker' }],
    messages: MESSAGES,
    bindings: {
      amqp: {
        is: 'queue',
        queue: { name, durable: true, exclusive: false, autoDelete: false, vhost: '/' },
        bindingVersion: BINDING_VERSION,
      },
    },
    'x-queue-arguments': args,
  };
}

const ageOf = ({ arguments: args }: QueueDeclaration): string => String(args['x-max-age']);

function messageOf(event: EventDefinition, broker: BrokerDescription) {
  const payload = exampleEnvelope(event);
  const { contentType, contentEncoding, headers } = broker.messageOf(payload);
  return {
    name: event.type,
    title: event.type,
    summary: event.description,
    contentType,
    headers: headersSchema(event, broker),
    payload: { $ref: `#/components/schemas/${event.type}` },
    tags: [{ name: 'events' }],
    bindings: { amqp: { contentEncoding, messageType: event.type, bindingVersion: BINDING_VERSION } },
    examples: [{ name: 'example', summary: event.description, headers, payload }],
  };
}

function headersSchema({ version }: EventDefinition, { headers }: BrokerDescription): Schema {
  return {
    type: 'object',
    required: [headers.schema],
    properties: {
      [headers.schema]: { const: version, description: 'The version of `data`, as `dataversion` in the body.' },
      [headers.trace]: {
        type: 'string',
        description: 'The trace that it belongs to (W3C Trace Context), if there is one.',
      },
    },
  };
}

function contentTypeOf(broker: BrokerDescription): string {
  const [event] = EVENT_CATALOGUE;
  if (!event) {
    throw new Error('The catalogue has no events.');
  }
  return broker.messageOf(exampleEnvelope(event)).contentType;
}
