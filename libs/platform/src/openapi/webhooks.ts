import type { Type } from '@nestjs/common';
import type { EventDefinition } from '#contracts';
import type { Operation } from './operation';
import { DESCRIBED_EVENTS } from './describe-events';
import type { DescribedEvents } from './describe-events';
import { refTo } from './schema-object';
import { publicName } from './tidy-schema';

/** The classes that describe the events' data, of all controllers. */
export function eventClasses(controllers: Iterable<Type>): Type[] {
  return describedEvents(controllers).map(([data]) => data);
}

/** The `webhooks` of the document: each event's name, and the body in which it is delivered. */
export function webhooksOf(controllers: Iterable<Type>): Record<string, { readonly post: Operation }> {
  return Object.fromEntries(
    describedEvents(controllers).flatMap(([data, events]) =>
      events.map((event) => [event.type, webhookOf(event, data)]),
    ),
  );
}

function describedEvents(controllers: Iterable<Type>): DescribedEvents {
  return [...controllers].flatMap(
    (controller) => (Reflect.getMetadata(DESCRIBED_EVENTS, controller) as DescribedEvents | undefined) ?? [],
  );
}

function webhookOf({ type, description, example }: EventDefinition, data: Type): { readonly post: Operation } {
  return {
    post: {
      operationId: operationIdOf(type),
      tags: ['Events'],
      summary: type,
      description: `${description}\n\nThe same \`data\` is in \`GET /v1/helpdesk/events\`.`,
      security: [],
      requestBody: {
        required: true,
        content: {
          'application/json': {
            schema: {
              type: 'object',
              required: ['event', 'data'],
              properties: {
                event: { const: type, description: 'The name of the event.', examples: [type] },
                data: { ...refTo(publicName(data.name)), description: 'What the event tells.' },
              },
            },
            examples: { [type]: { summary: description, value: { event: type, data: example } } },
          },
        },
      },
      responses: { '2XX': { description: 'The receiver has taken the event.' } },
    },
  };
}

/** `ticket.status_changed` becomes `onTicketStatusChanged`. */
function operationIdOf(type: string): string {
  const words = type.split(/[._]/);
  return `on${words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')}`;
}
