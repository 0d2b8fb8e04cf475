import type { EventDefinition } from '#contracts';
import type { ApiDocument } from '../openapi/api-document';
import { mapParts, nameOf, partsOf, resolve } from '../openapi/schema-object';
import type { Schema, Schemas } from '../openapi/schema-object';
import { envelopeSchema } from './envelope-schema';

/** The schema of one event and those that it refers to, by their names in the API document. */
export interface EventSchema {
  readonly event: EventDefinition;
  readonly envelope: Schema;
  readonly parts: Schemas;
}

/**
 * Makes an event's schema of what the API document says of its `data`: it is described in one place. References go to
 * `prefix` + name.
 * @throws {Error} when the document does not describe the event.
 */
export function eventSchema(event: EventDefinition, document: ApiDocument, prefix: string): EventSchema {
  const { schemas } = document.components;
  const data = dataSchema(event, document);
  const parts = reachable(data, schemas);
  const translate = (schema: Schema): Schema => withoutExamples(moved(schema, prefix));
  return {
    event,
    envelope: envelopeSchema(event, translate(data)),
    parts: Object.fromEntries([...parts].toSorted().map((name) => [name, translate(schemas[name] ?? {})])),
  };
}

function dataSchema({ type }: EventDefinition, { webhooks }: ApiDocument): Schema {
  const data = webhooks[type]?.post.requestBody?.content?.['application/json']?.schema?.properties?.['data'];
  if (!data) {
    throw new Error(`The API document does not describe ${type}: name its data in a controller's @DescribeEvents().`);
  }
  return data;
}

/** The names of all schemas that this one refers to, directly or through others. */
function reachable(schema: Schema, schemas: Schemas, found = new Set<string>()): Set<string> {
  const name = nameOf(schema);
  if (name !== undefined && !found.has(name)) {
    found.add(name);
    reachable(resolve(schema, schemas), schemas, found);
  }
  partsOf(schema).forEach((part) => reachable(part, schemas, found));
  return found;
}

function moved(schema: Schema, prefix: string): Schema {
  const name = nameOf(schema);
  return mapParts({ ...schema, ...(name !== undefined && { $ref: prefix + name }) }, (part) => moved(part, prefix));
}

/** Examples of whole objects are those of some event: this one has its own. */
function withoutExamples(schema: Schema): Schema {
  const { examples, ...rest } = mapParts(schema, withoutExamples);
  return examples && !rest.$ref && !rest.properties ? { ...rest, examples } : rest;
}
