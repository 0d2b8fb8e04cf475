import { Topology } from '../transports/rabbitmq/topology';

/** Types of events, or every type, including those that the catalogue does not have yet. */
export type EventChoice = readonly string[] | 'all';

/** The keys that bind a queue to the chosen events of a project. */
export function bindingKeys(events: EventChoice, projectId: string): string[] {
  return events === 'all'
    ? [Topology.routingKey('#', projectId)]
    : sorted(events).map((type) => Topology.routingKey(type, projectId));
}

/**
 * What a binding key of the consumer's must match, as the broker's topic permission has it. The project stands last and as itself,
 * so whatever wildcards are before it, the key takes only what is of this project.
 */
export function bindingRight(events: EventChoice, projectId: string): string {
  return events === 'all' ? `^${ANY_TYPE}${projectId}$` : `^(${sorted(events).map(literal).join('|')})\\.${projectId}$`;
}

/** What {@link bindingRight} was made of; undefined for a right that somebody else has written. */
export function readBindingRight(
  right: string,
): { readonly events: EventChoice; readonly projectId: string } | undefined {
  const [, types, projectId] = READABLE.exec(right) ?? [];
  if (types === undefined || projectId === undefined) {
    return undefined;
  }
  const events = types === ANY_TYPE ? 'all' : types.slice(1, -3).replaceAll('\\.', '.').split('|');
  return { events, projectId };
}

/** A name as a regular expression that matches it alone. */
export function literal(name: string): string {
  return name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

const ANY_TYPE = '([a-z_*#]+\\.)+';

const READABLE = /^\^(\(\[a-z_\*#\]\+\\\.\)\+|\([a-z_.|\\]+\)\\\.)([0-9a-f-]{36})\$$/;

const sorted = (events: readonly string[]): string[] => [...new Set(events)].toSorted();
