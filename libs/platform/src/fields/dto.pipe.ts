import { Injectable } from '@nestjs/common';
import type { ArgumentMetadata, PipeTransform } from '@nestjs/common';
import { DomainError } from '#contracts';
import type { ErrorDetail } from '#contracts';
import type { Field } from './declare-field';
import { fieldsOf } from './declare-field';
import { fault } from './field-fault';
import type { FieldFault } from './field-fault';
import { nearestName } from './nearest-name';

type Source = 'body' | 'query';

/**
 * Reads bodies and query strings into their DTOs by the declared fields: every value is checked, nothing is coerced in a body,
 * a query parameter is parsed strictly, and a name that no field has is refused.
 */
@Injectable()
export class DtoPipe implements PipeTransform {
  transform(value: unknown, { type, metatype }: ArgumentMetadata): unknown {
    const fields = metatype && (type === 'body' || type === 'query') ? fieldsOf(metatype) : undefined;
    if (!fields || !metatype) {
      return value;
    }
    return readDto(metatype as new () => object, fields, value === undefined ? {} : value, type as Source);
  }
}

function readDto(dto: new () => object, fields: ReadonlyMap<string, Field>, value: unknown, source: Source): object {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new DomainError('validation_failed', 'The body must be a JSON object, such as {"text": "Hello"}.');
  }
  const given = value as Readonly<Record<string, unknown>>;
  const details = unknownFields(given, fields, source);
  const result: Record<string, unknown> = new dto() as Record<string, unknown>;
  for (const field of fields.values()) {
    const raw = rawValue(field, given[field.name], source);
    const wrong = raw instanceof Repeated ? raw.fault : judge(field, raw);
    if (wrong) {
      const place = `${field.name}${wrong.path ?? ''}`;
      details.push({ field: place, code: wrong.code, message: `${place} ${wrong.message}.` });
    } else if (raw !== undefined) {
      result[field.name] = raw === null || !field.read ? raw : field.read(raw);
    }
  }
  if (details.length > 0) {
    throw new DomainError('validation_failed', summaryOf(details), { details });
  }
  return result;
}

function rawValue(field: Field, value: unknown, source: Source): unknown {
  if (source === 'query' && value !== undefined) {
    if (typeof value !== 'string') {
      return new Repeated();
    }
    if (isBlank(value) && field.blankIsNull) {
      return undefined;
    }
    return field.parse ? field.parse(value) : value;
  }
  return field.blankIsNull && isBlank(value) ? null : value;
}

function judge(field: Field, value: unknown): FieldFault | null {
  if (value === undefined || (value === null && field.required && !field.nullable)) {
    return field.required ? fault('required', 'is required') : null;
  }
  if (value === null) {
    return field.nullable ? null : fault('type', 'must not be null or blank');
  }
  return field.required && isBlank(value) ? fault('required', 'must not be blank') : field.check(value);
}

const isBlank = (value: unknown): boolean => typeof value === 'string' && value.trim() === '';

/** A query parameter that was given more than once, or as `name[key]=…`. */
class Repeated {
  readonly fault = fault('type', 'must be given once');
}

function unknownFields(given: object, fields: ReadonlyMap<string, Field>, source: Source): ErrorDetail[] {
  const what = source === 'body' ? 'field' : 'query parameter';
  return Object.keys(given)
    .filter((name) => !fields.has(name))
    .slice(0, 20)
    .map((name) => {
      const meant = nearestName(name, fields.keys());
      const hint = meant ? `Did you mean ${meant}?` : `Known are: ${[...fields.keys()].join(', ')}.`;
      return {
        field: name.slice(0, 64),
        code: 'unknown_field',
        message: `There is no ${what} ${name.slice(0, 64)}. ${hint}`,
      };
    });
}

function summaryOf(details: readonly ErrorDetail[]): string {
  const [first] = details;
  const more = details.length > 1 ? ` And ${details.length - 1} more: see details.` : '';
  return `${first?.message ?? 'The request is not valid.'}${more}`;
}
