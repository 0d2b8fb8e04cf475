import type { EventDefinition } from '#contracts';
import type { Schema } from '../openapi/schema-object';
import { exampleEnvelope } from './example-envelope';

/**
 * The CloudEvents 1.0 envelope of one event; `data` is what the event tells. Open to further members, as consumers have to be:
 * events may come to have more.
 */
export function envelopeSchema(event: EventDefinition, data: Schema): Schema {
  const example = exampleEnvelope(event);
  return {
    type: 'object',
    description: event.description,
    required: [
      'specversion',
      'id',
      'source',
      'type',
      'subject',
      'time',
      'datacontenttype',
      'dataversion',
      'sequence',
      'projectid',
      'data',
    ],
    properties: {
      specversion: { const: '1.0', description: 'The version of CloudEvents.' },
      id: {
        type: 'string',
        format: 'uuid',
        description:
          'The event, the same wherever it is told: queue, stream, log or webhook. An id that you have handled is a repeat.',
        examples: [example.id],
      },
      source: {
        type: 'string',
        format: 'uri-reference',
        description: 'The project in which it happened.',
        examples: [example.source],
      },
      type: { const: event.type, description: 'What happened.' },
      subject: {
        type: 'string',
        format: 'uuid',
        description: `The ${event.aggregate} that it happened to.`,
        examples: [example.subject],
      },
      time: { type: 'string', format: 'date-time', description: 'When it happened, in UTC.', examples: [example.time] },
      datacontenttype: { const: 'application/json', description: 'The media type of `data`.' },
      dataversion: {
        const: event.version,
        description:
          'The version of `data`: another one means that a consumer has to change. New members do not count.',
      },
      sequence: {
        type: 'integer',
        minimum: 1,
        description: `Counts the events of the ${event.aggregate}: 1, 2, 3 … without gaps. Tells what is late, missing or there twice.`,
        examples: [example.sequence],
      },
      projectid: {
        type: 'string',
        format: 'uuid',
        description: 'The side of the project; its test side has an id of its own.',
        examples: [example.projectid],
      },
      requestid: {
        type: 'string',
        description: 'The request that caused it, if one did.',
        examples: [example.requestid],
      },
      traceparent: {
        type: 'string',
        pattern: '^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$',
        description: 'The trace that it belongs to (W3C Trace Context), if there is one.',
        examples: ['00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'],
      },
      data: { ...data, description: 'What the event tells.' },
    },
  };
}
