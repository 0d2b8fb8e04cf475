/** A schema of the document (JSON Schema 2020-12, as OpenAPI 3.1 has it), as far as the document uses it. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  description?: string;
  format?: string;
  enum?: unknown[];
  const?: unknown;
  examples?: unknown[];
  default?: unknown;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  pattern?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  items?: Schema;
  allOf?: Schema[];
  anyOf?: Schema[];
  oneOf?: Schema[];
}

/** The document's named schemas. */
export type Schemas = Record<string, Schema>;

const PREFIX = '#/components/schemas/';

/** A reference to a named schema. */
export function refTo(name: string): Schema {
  return { $ref: `${PREFIX}${name}` };
}

/** The name that a reference names; undefined where there is none. */
export function nameOf({ $ref }: Schema): string | undefined {
  return $ref?.startsWith(PREFIX) ? $ref.slice(PREFIX.length) : undefined;
}

/**
 * The schema itself, or the one that it refers to.
 * @throws {Error} when there is no schema of that name: a class lacks its decorators.
 */
export function resolve(schema: Schema, schemas: Schemas): Schema {
  const name = nameOf(schema);
  if (name === undefined) {
    return schema;
  }
  const found = schemas[name];
  if (!found) {
    throw new Error(`The API document has no schema ${name}.`);
  }
  return resolve(found, schemas);
}

/** The schemas within this one, one level down. */
export function partsOf(schema: Schema): Schema[] {
  const { properties = {}, items, additionalProperties, allOf = [], anyOf = [], oneOf = [] } = schema;
  const parts = [...Object.values(properties), ...allOf, ...anyOf, ...oneOf];
  return [
    ...parts,
    ...(items ? [items] : []),
    ...(typeof additionalProperties === 'object' ? [additionalProperties] : []),
  ];
}

/** The schema with each of the schemas within it, one level down, replaced. */
export function mapParts(schema: Schema, map: (part: Schema) => Schema): Schema {
  const { properties, items, additionalProperties, allOf, anyOf, oneOf } = schema;
  return {
    ...schema,
    ...(properties && {
      properties: Object.fromEntries(Object.entries(properties).map(([name, part]) => [name, map(part)])),
    }),
    ...(items && { items: map(items) }),
    ...(typeof additionalProperties === 'object' && { additionalProperties: map(additionalProperties) }),
    ...(allOf && { allOf: allOf.map(map) }),
    ...(anyOf && { anyOf: anyOf.map(map) }),
    ...(oneOf && { oneOf: oneOf.map(map) }),
  };
}
