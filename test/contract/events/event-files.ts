import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020';
import type { ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import type { Schema } from '../../../libs/platform/src/openapi/schema-object';
import { mapParts } from '../../../libs/platform/src/openapi/schema-object';

const FOLDER = join(__dirname, '../../../docs/events');

/** Written by hand. */
const BY_HAND = ['README.md'];

/** A schema of its own, with those that it refers to. */
export interface SchemaFile extends Schema {
  readonly $id: string;
  readonly $schema: string;
  readonly $defs: Readonly<Record<string, Schema>>;
}

const ajv = new Ajv2020({ strict: true, strictRequired: false, allErrors: true, allowUnionTypes: true });
addFormats(ajv);

/** The generated files of docs/events by their names. */
export function committedFiles(): ReadonlyMap<string, string> {
  const names = readdirSync(FOLDER, { recursive: true, withFileTypes: true }).flatMap((entry) =>
    entry.isFile() ? [join(entry.parentPath, entry.name).slice(FOLDER.length + 1)] : [],
  );
  const generated = names.filter((name) => !BY_HAND.includes(name));
  return new Map(generated.toSorted().map((name) => [name, readFileSync(join(FOLDER, name), 'utf8')]));
}

/** Reads a generated file as JSON. */
export function readJson<Content>(name: string): Content {
  return JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as Content;
}

/** The schema of an event's envelope. */
export function schemaOf(type: string): SchemaFile {
  return readJson(`schemas/${type}.schema.json`);
}

/** Checks events by their schema as a consumer does, who passes over what is new. */
export function validatorOf(type: string): ValidateFunction {
  const schema = schemaOf(type);
  return ajv.getSchema(schema.$id) ?? ajv.compile(schema);
}

/** Checks that an event has nothing that its schema does not name. */
export function strictValidatorOf(type: string): ValidateFunction {
  const { $id, $defs, ...schema } = schemaOf(type);
  const id = `${$id}:closed`;
  const defs = Object.fromEntries(Object.entries($defs).map(([name, part]) => [name, closed(part)]));
  return ajv.getSchema(id) ?? ajv.compile({ ...closed(schema), $id: id, $defs: defs });
}

/** What is wrong with an event; undefined when nothing is. */
export function faultsOf(validate: ValidateFunction, event: unknown): string | undefined {
  return validate(event) ? undefined : ajv.errorsText(validate.errors);
}

function closed(schema: Schema): Schema {
  const parts = mapParts(schema, closed);
  return parts.properties ? { ...parts, additionalProperties: false } : parts;
}
