import { foreignQueue, foreignQueuesOf, foreignStream } from '../transports/rabbitmq/foreign-queues';
import type { ForeignConsumerKey, QueueBounds } from '../transports/rabbitmq/foreign-queues';
import { Topology } from '../transports/rabbitmq/topology';
import type { QueueArguments } from '../transports/rabbitmq/topology';
import { HASHING } from './credentials';
import { bindingKeys, bindingRight, literal } from './event-choice';
import type { EventChoice } from './event-choice';
import type { Place } from './place';

/** Tells users of ours from others. It gives no rights. */
export const USER_TAG = 'helpdesk-consumer';

/** A service that has lost count of its connections must not use up the broker's. */
const USER_LIMITS = { 'max-connections': 10, 'max-channels': 50 };

/** A foreign consumer as it is to be. */
export interface ConsumerPlan {
  readonly key: ForeignConsumerKey;
  readonly projectId: string;
  readonly events: EventChoice;
  readonly bounds: QueueBounds;
  /** Whether it has a stream of its own. */
  readonly stream: boolean;
}

interface User {
  readonly name: string;
  readonly password_hash: string;
  readonly hashing_algorithm: string;
  readonly tags: readonly string[];
  readonly limits: object;
}

interface Permission {
  readonly user: string;
  readonly vhost: string;
  readonly configure: string;
  readonly write: string;
  readonly read: string;
}

interface TopicPermission {
  readonly user: string;
  readonly vhost: string;
  readonly exchange: string;
  readonly write: string;
  readonly read: string;
}

interface Durable {
  readonly name: string;
  readonly vhost: string;
  readonly durable: true;
  readonly auto_delete: false;
  readonly arguments: QueueArguments;
}

interface Exchange extends Durable {
  readonly type: 'topic';
  readonly internal: false;
}

interface Binding {
  readonly source: string;
  readonly vhost: string;
  readonly destination: string;
  readonly destination_type: 'queue';
  readonly routing_key: string;
  readonly arguments: object;
}

/** RabbitMQ's own form of what is to exist on a broker: its management API takes it, and so does `rabbitmqctl import_definitions`. */
export interface Definitions {
  /** Only whose password is to be set. */
  readonly users: readonly User[];
  readonly topic_permissions: readonly TopicPermission[];
  readonly permissions: readonly Permission[];
  readonly exchanges: readonly Exchange[];
  readonly queues: readonly Durable[];
  readonly bindings: readonly Binding[];
}

/**
 * Everything that a foreign consumer has on the broker. It may configure nothing and publish nothing; it may read its queue and its
 * stream, and bind its queue to what it was given.
 * @param passwordHash of a user that is to be made or to get another password; without it the user stays as it is.
 */
export function consumerDefinitions(plan: ConsumerPlan, place: Place, passwordHash?: string): Definitions {
  const { vhost, prefix } = place;
  const { queue, stream } = foreignQueuesOf(plan.key, prefix);
  const { exchange } = new Topology([], prefix);
  const declared = [foreignQueue(queue, plan.bounds), ...(plan.stream ? [foreignStream(stream)] : [])];
  const durable = { vhost, durable: true, auto_delete: false } as const;
  const readable = [queue, stream, exchange].map(literal).join('|');
  return {
    users: passwordHash === undefined ? [] : [userDefinition(queue, passwordHash)],
    topic_permissions: [{ user: queue, vhost, exchange, write: '^$', read: bindingRight(plan.events, plan.projectId) }],
    permissions: [{ user: queue, vhost, configure: '^$', write: `^${literal(queue)}$`, read: `^(${readable})$` }],
    exchanges: [{ ...durable, name: exchange, type: 'topic', internal: false, arguments: {} }],
    queues: declared.map(({ name, arguments: args }) => ({ ...durable, name, arguments: args })),
    bindings: declared.flatMap(({ name }) =>
      bindingKeys(plan.events, plan.projectId).map((key) => ({
        source: exchange,
        vhost,
        destination: name,
        destination_type: 'queue' as const,
        routing_key: key,
        arguments: {},
      })),
    ),
  };
}

/** A user that has this password and nothing else, until it is given rights. */
export function userDefinition(name: string, passwordHash: string): User {
  return {
    name,
    password_hash: passwordHash,
    hashing_algorithm: HASHING,
    tags: [USER_TAG],
    limits: USER_LIMITS,
  };
}
