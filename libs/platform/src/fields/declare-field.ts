import 'reflect-metadata';
import { ApiProperty } from '@nestjs/swagger';
import type { ApiPropertyOptions } from '@nestjs/swagger';
import type { FieldCheck } from './field-fault';

/** What every field says of itself. */
export interface FieldOptions {
  readonly description: string;
  readonly example: unknown;
  readonly required?: boolean;
  /** Whether null may be given: it clears the field, or is the same as leaving it out. */
  readonly nullable?: boolean;
}

/** How one kind of field is checked, read and described. */
export interface FieldKind {
  readonly check: FieldCheck;
  readonly schema: ApiPropertyOptions;
  /** Makes the property's value of a checked one. */
  readonly read?: (value: unknown) => unknown;
  /** How the kind is written in a query string; undefined where the text is no such value. Texts need none. */
  readonly parse?: (text: string) => unknown;
  /** Whether a blank text counts as null. */
  readonly blankIsNull?: boolean;
}

/** A declared field of a DTO. */
export interface Field extends FieldKind {
  readonly name: string;
  readonly required: boolean;
  readonly nullable: boolean;
}

const FIELDS = Symbol('fields');

/** Declares a DTO's field: its one rule, and its place in the API document. */
export function declareField(kind: FieldKind, options: FieldOptions): PropertyDecorator {
  const { required = false, nullable = false, description, example } = options;
  return (target, property) => {
    const name = String(property);
    const inherited = (Reflect.getMetadata(FIELDS, target) as ReadonlyMap<string, Field> | undefined) ?? new Map();
    const fields = new Map(inherited).set(name, { ...kind, name, required, nullable });
    Reflect.defineMetadata(FIELDS, fields, target);
    // In the schema of an object `required` lists its members.
    const isRequired = kind.schema.type === 'object' ? { selfRequired: required } : { required };
    const schema = { ...kind.schema, ...isRequired, ...(nullable && { nullable }), description, example };
    ApiProperty(schema as ApiPropertyOptions)(target, property);
  };
}

/** The declared fields of a DTO class, those of its parents included; undefined for a class without any. */
export function fieldsOf(dto: { readonly prototype: object }): ReadonlyMap<string, Field> | undefined {
  return Reflect.getMetadata(FIELDS, dto.prototype) as ReadonlyMap<string, Field> | undefined;
}
