import { nameOf, partsOf, refTo, resolve } from './schema-object';
import type { Schema, Schemas } from './schema-object';

/** A schema as @nestjs/swagger leaves it: of 3.0 in what 3.1 has dropped or made simpler. */
interface ScannedSchema extends Schema {
  example?: unknown;
}

/** The name that a class has in the document: `TicketDto` is the ticket of the API. */
export function publicName(className: string): string {
  return className.replace(/Dto$/, '');
}

/** Brings a scanned schema, and all within it, into the form of OpenAPI 3.1. */
export function tidySchema(scanned: ScannedSchema): Schema {
  const { example, ...schema } = unwrapped(scanned);
  const name = nameOf(schema);
  return {
    ...schema,
    ...(name !== undefined && refTo(publicName(name))),
    ...(schema.properties && { properties: mapValues(schema.properties, tidySchema) }),
    ...(schema.items && { items: tidySchema(schema.items) }),
    ...(typeof schema.additionalProperties === 'object' && {
      additionalProperties: tidySchema(schema.additionalProperties),
    }),
    ...(schema.allOf && { allOf: schema.allOf.map(tidySchema) }),
    ...(schema.anyOf && { anyOf: schema.anyOf.map(tidySchema) }),
    ...(schema.oneOf && { oneOf: schema.oneOf.map(tidySchema) }),
    ...(example !== undefined && { examples: [example] }),
  };
}

/** In 3.1 a reference may have a description beside it, so it needs no `allOf` around it. */
function unwrapped({ allOf, ...schema }: ScannedSchema): ScannedSchema {
  const [only] = allOf ?? [];
  return allOf?.length === 1 && only?.$ref ? { ...schema, $ref: only.$ref } : { ...schema, ...(allOf && { allOf }) };
}

/**
 * Tidies the named schemas and gives them their public names.
 * @throws {Error} when two classes come to the same name.
 */
export function tidySchemas(scanned: Readonly<Record<string, ScannedSchema>>): Schemas {
  const schemas: Schemas = {};
  for (const [className, schema] of Object.entries(scanned)) {
    const name = publicName(className);
    if (name in schemas) {
      throw new Error(`Two classes are called ${name} in the API document. Give one of them another name.`);
    }
    schemas[name] = tidySchema(schema);
  }
  return schemas;
}

/** Closes a body's schema, and all objects within it, to members that it does not name: the API refuses them. */
export function closeBody(schema: Schema, schemas: Schemas): void {
  const target = resolve(schema, schemas);
  if (target.properties && target.additionalProperties === undefined) {
    target.additionalProperties = false;
    partsOf(target).forEach((part) => closeBody(part, schemas));
  }
}

function mapValues<From, To>(record: Readonly<Record<string, From>>, map: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
