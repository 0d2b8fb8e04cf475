import { resolve } from './schema-object';
import type { Schema, Schemas } from './schema-object';

/** Which members of an object an example shows. */
export type Members = 'required' | 'all';

/**
 * An example of a schema, made of the examples of its fields. Of a body the required members are shown, or all where none is;
 * of an answer all.
 */
export function exampleOf(schema: Schema, schemas: Schemas, members: Members): unknown {
  if (schema.examples) {
    return schema.examples[0];
  }
  const target = resolve(schema, schemas);
  if (target.examples) {
    return target.examples[0];
  }
  const [first] = target.allOf ?? target.anyOf ?? target.oneOf ?? [];
  if (target.allOf) {
    return Object.assign({}, ...target.allOf.map((part) => exampleOf(part, schemas, members)));
  }
  if (first) {
    return exampleOf(first, schemas, members);
  }
  if (target.properties) {
    return exampleObject(target, schemas, members);
  }
  return target.items ? [exampleOf(target.items, schemas, members)] : (target.enum?.[0] ?? null);
}

function exampleObject({ properties = {}, required = [] }: Schema, schemas: Schemas, members: Members): object {
  const shown = members === 'required' && required.length > 0 ? required : Object.keys(properties);
  return Object.fromEntries(shown.map((name) => [name, exampleOf(properties[name] ?? {}, schemas, members)]));
}
