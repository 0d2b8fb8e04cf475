import { DEFAULT_BOUNDS, foreignQueuesOf } from '../transports/rabbitmq/foreign-queues';
import type { ForeignConsumerKey } from '../transports/rabbitmq/foreign-queues';
import { consumerDefinitions, userDefinition } from './consumer-definitions';
import type { ConsumerPlan, Definitions } from './consumer-definitions';
import { assertKey, completeBounds } from './consumer-rules';
import { makePassword } from './credentials';
import type { AddConsumerCommand } from './foreign-consumers';
import type { Credentials, Place } from './place';

/** Lines for a shell on the broker's machine, where `rabbitmqctl` is, and the credentials that hold when they have run. */
export interface ConsumerScript {
  readonly script: string;
  readonly credentials: Credentials;
}

/**
 * What makes a consumer on a broker without a management API. Changes nothing by itself. Run again, the same script changes nothing
 * more; it takes nothing away either.
 * @throws {DomainError} `validation_failed`.
 */
export function scriptToAdd({ key, bounds, ...command }: AddConsumerCommand, place: Place): ConsumerScript {
  assertKey(key);
  const { password, hash } = makePassword();
  const plan: ConsumerPlan = { ...command, key, bounds: completeBounds(bounds, DEFAULT_BOUNDS) };
  const { queue: user } = foreignQueuesOf(key, place.prefix);
  return { script: importing(consumerDefinitions(plan, place, hash)), credentials: { user, password } };
}

/** What gives a consumer's user another password. Its connections stay until they end. @throws {DomainError} `validation_failed`. */
export function scriptToRotate(key: ForeignConsumerKey, place: Place): ConsumerScript {
  assertKey(key);
  const { password, hash } = makePassword();
  const { queue: user } = foreignQueuesOf(key, place.prefix);
  return { script: importing({ users: [userDefinition(user, hash)] }), credentials: { user, password } };
}

/** What takes a consumer away. `rabbitmqctl` complains about what is not there. @throws {DomainError} `validation_failed`. */
export function scriptToRemove(key: ForeignConsumerKey, { vhost, prefix }: Place): string {
  assertKey(key);
  const { queue, stream } = foreignQueuesOf(key, prefix);
  return [
    `rabbitmqctl delete_user ${quoted(queue)}`,
    ...[queue, stream].map((name) => `rabbitmqctl --vhost ${quoted(vhost)} delete_queue ${quoted(name)}`),
  ].join('\n');
}

function importing(definitions: Partial<Definitions>): string {
  return `rabbitmqctl import_definitions <<'END'\n${JSON.stringify(definitions, null, 2)}\nEND`;
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
