import type { Type } from '@nestjs/common';
import { EVENT_CATALOGUE } from '#contracts';
import type { EventDefinition } from '#contracts';
import type { ApiDocument } from '../openapi/api-document';
import { describeModules } from '../openapi/describe-modules';
import { describeEventMessages } from './asyncapi-document';
import { eventSchema } from './event-schemas';
import { exampleEnvelope } from './example-envelope';

const GENERATED = 'By `npm run gen` from the code. Do not edit.';

/** Where the documents say that the API is; events have no address of it. */
const SERVER_URL = 'http://localhost:3000';

/** The files of docs/events by their names there: the AsyncAPI document, and of each event its schema and an example. */
export async function renderEventFiles(modules: readonly Type[]): Promise<ReadonlyMap<string, string>> {
  const api = await describeModules(modules, { serverUrl: SERVER_URL });
  return new Map([
    ['asyncapi.json', json({ 'x-generated': GENERATED, ...describeEventMessages(api) })],
    ['catalogue.md', catalogue()],
    ...EVENT_CATALOGUE.flatMap((event): [string, string][] => [
      [schemaFile(event), json(schemaDocument(event, api))],
      [exampleFile(event), json(exampleEnvelope(event))],
    ]),
  ]);
}

function schemaDocument(event: EventDefinition, api: ApiDocument): object {
  const { envelope, parts } = eventSchema(event, api, '#/$defs/');
  return {
    $comment: GENERATED,
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `urn:helpdesk:event:${event.type}:${event.version}`,
    title: event.type,
    ...envelope,
    examples: [exampleEnvelope(event)],
    $defs: parts,
  };
}

function catalogue(): string {
  const rows = EVENT_CATALOGUE.map((event) => {
    const files = `[schema](${schemaFile(event)}), [example](${exampleFile(event)})`;
    return `| \`${event.type}\` | ${event.version} | ${event.description} | ${files} |`;
  });
  return [
    `<!-- Generated. ${GENERATED} -->`,
    '',
    '# Events',
    '',
    '| type | version of `data` | when | files |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

function schemaFile({ type }: EventDefinition): string {
  return `schemas/${type}.schema.json`;
}

function exampleFile({ type }: EventDefinition): string {
  return `examples/${type}.json`;
}

function json(content: object): string {
  return `${JSON.stringify(content, null, 2)}\n`;
}
