import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ApiDocument } from '#platform';
import type { Operation } from '../../libs/platform/src/openapi/operation';
import { nameOf, resolve } from '../../libs/platform/src/openapi/schema-object';
import type { Schema } from '../../libs/platform/src/openapi/schema-object';

export type { Operation, Schema };

/** The committed document's file. */
export const DOCUMENT_FILE = join(__dirname, '../../docs/http/openapi.json');

/** The committed document. That it is as the code makes it is a test of its own. */
export const API_DOCUMENT = JSON.parse(readFileSync(DOCUMENT_FILE, 'utf8')) as ApiDocument;

/** One operation and where it is. */
export interface DescribedOperation {
  /** In capitals. */
  readonly method: string;
  /** With parameters as `{id}`. */
  readonly path: string;
  readonly operation: Operation;
}

/** Every operation of a document. */
export function operationsOf({ paths }: Pick<ApiDocument, 'paths'>): DescribedOperation[] {
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
}

/**
 * A schema without references, closed: objects have the members that are named, and no others. For checking that the API
 * answers nothing that it does not describe; clients must take new members.
 */
export function closedSchema(schema: Schema): Schema {
  const { allOf, ...rest } = dereferenced(schema);
  const { properties, items, anyOf, oneOf, ...plain } = (allOf ?? []).map(closedSchema).reduce(merge, rest);
  return {
    ...plain,
    ...(properties && { properties: mapValues(properties, closedSchema) }),
    ...(properties && plain.additionalProperties === undefined && { additionalProperties: false }),
    ...(typeof plain.additionalProperties === 'object' && {
      additionalProperties: closedSchema(plain.additionalProperties),
    }),
    ...(items && { items: closedSchema(items) }),
    ...(anyOf && { anyOf: anyOf.map(closedSchema) }),
    ...(oneOf && { oneOf: oneOf.map(closedSchema) }),
  };
}

/** The schema itself, or the one that it refers to. */
export function dereferenced(schema: Schema): Schema {
  return nameOf(schema) === undefined ? schema : resolve(schema, API_DOCUMENT.components.schemas);
}

function merge(left: Schema, right: Schema): Schema {
  return {
    ...right,
    ...left,
    properties: { ...right.properties, ...left.properties },
    required: [...(right.required ?? []), ...(left.required ?? [])],
  };
}

function mapValues<From, To>(record: Readonly<Record<string, From>>, map: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
