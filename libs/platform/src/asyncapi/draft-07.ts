import { mapParts } from '../openapi/schema-object';
import type { Schema } from '../openapi/schema-object';

/**
 * A schema of 2020-12 in the words that draft 7 has too, which is what AsyncAPI's own schemas are: there nothing may stand beside a
 * reference.
 */
export function inDraft07(schema: Schema): Schema {
  const { $ref, ...rest } = mapParts(schema, inDraft07);
  if ($ref === undefined) {
    return rest;
  }
  return Object.keys(rest).length === 0 ? { $ref } : { ...rest, allOf: [{ $ref }] };
}
