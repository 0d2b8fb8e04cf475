import type { EventDefinition, EventEnvelope } from '#contracts';

/** A project's id as the documents show it. */
export const EXAMPLE_PROJECT_ID = '019ab6b0-0a11-7c2d-8e3f-405162738495';

const EXAMPLE_TIME = '2026-11-24T09:34:12.000Z';

/** An event as the documents show it, in the form in which it is published. */
export function exampleEnvelope({ type, version, aggregate, example }: EventDefinition): EventEnvelope {
  return {
    specversion: '1.0',
    id: '019ab6c3-0c56-7b42-92f3-4a5b6c7d8e9f',
    source: `/helpdesk/projects/${EXAMPLE_PROJECT_ID}`,
    type,
    subject: subjectOf(example, aggregate),
    time: EXAMPLE_TIME,
    datacontenttype: 'application/json',
    dataversion: version,
    sequence: versionOf(example),
    projectid: EXAMPLE_PROJECT_ID,
    requestid: 'order-7741-opened',
    data: example,
  };
}

function subjectOf(example: object, aggregate: EventDefinition['aggregate']): string {
  const subject = (example as Readonly<Record<string, { readonly id?: unknown } | undefined>>)[aggregate];
  if (typeof subject?.id !== 'string') {
    throw new Error(`The example of an event about a ${aggregate} must have ${aggregate}.id.`);
  }
  return subject.id;
}

/** Here each version of a ticket has had one event; what is no ticket has its first. */
function versionOf(example: object): number {
  return (example as { readonly ticket?: { readonly version: number } }).ticket?.version ?? 1;
}
