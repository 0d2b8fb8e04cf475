import { isDeepStrictEqual } from 'node:util';
import type { Actor } from '#contracts';

/** Kinds of objects whose changes the history of the configuration keeps. */
export const CONFIG_OBJECT_TYPES = ['settings', 'ticket_type', 'canned_response', 'routing_rule', 'webhook'] as const;
export type ConfigObjectType = (typeof CONFIG_OBJECT_TYPES)[number];

/** Who changes the configuration, when, and by which request. */
export interface ConfigCause {
  readonly actor: Actor;
  readonly at: Date;
  readonly requestId?: string;
}

/** The object that is changed; of the settings, of which there is one, the id is the project's. */
export interface ConfigObject {
  readonly type: ConfigObjectType;
  readonly id: string;
}

/** One line of history: a field of a changed object, or the whole of one that was made or taken away. */
export interface ConfigChange {
  readonly action: 'created' | 'updated' | 'deleted';
  /** The field's name in the API; null for the whole object. */
  readonly field: string | null;
  readonly from: unknown;
  readonly to: unknown;
}

/** The fields in which an object differs from what it was, by their names in the API. */
export function changedFields<Before extends object>(
  before: Before,
  after: Before,
  names: Readonly<Partial<Record<keyof Before, string>>>,
): ConfigChange[] {
  return (Object.entries(names) as Array<[keyof Before, string]>)
    .filter(([key]) => !isDeepStrictEqual(before[key], after[key]))
    .map(([key, field]) => ({ action: 'updated', field, from: before[key], to: after[key] }));
}

/** The fields of an object as the API names them: what history keeps of one that is made or taken away. */
export function fieldsByName<Fields extends object>(
  object: Fields,
  names: Readonly<Partial<Record<keyof Fields, string>>>,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    (Object.entries(names) as Array<[keyof Fields, string]>).map(([key, name]) => [name, object[key]]),
  );
}
