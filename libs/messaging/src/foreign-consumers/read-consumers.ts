import { boundsOf, foreignConsumerOf, foreignQueuesOf } from '../transports/rabbitmq/foreign-queues';
import type { ForeignConsumerKey } from '../transports/rabbitmq/foreign-queues';
import { Topology } from '../transports/rabbitmq/topology';
import { USER_TAG } from './consumer-definitions';
import { readBindingRight } from './event-choice';
import type { ForeignConsumer } from './foreign-consumer';
import type { ManagementApi } from './management-api';
import type { Place } from './place';

/** A user of the broker. */
export interface BrokerUser {
  readonly name: string;
  readonly tags: readonly string[];
}

/** A queue of the broker. What is counted, is so every few seconds. */
export interface BrokerQueue {
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly messages?: number;
  readonly consumers?: number;
}

/** A binding of a queue. */
export interface BrokerBinding {
  readonly source: string;
  readonly routing_key: string;
  readonly arguments: object;
  /** Names the binding in an address. */
  readonly properties_key: string;
}

interface TopicRight {
  readonly exchange: string;
  readonly read: string;
}

/**
 * All foreign consumers of a place, by project, side and name: those of which a part is missing too. The broker is the only one to
 * ask, for what is on it is what holds.
 * @throws {ManagementError}
 */
export async function readConsumers(api: ManagementApi, place: Place): Promise<ForeignConsumer[]> {
  const [users, queues] = await Promise.all([
    api.get<BrokerUser[]>('users'),
    api.get<BrokerQueue[]>('queues', place.vhost, '?columns=name'),
  ]);
  const names = new Set([...(users ?? []), ...(queues ?? [])].map(({ name }) => name));
  const consumers: ForeignConsumer[] = [];
  for (const name of [...names].toSorted()) {
    const key = foreignConsumerOf(name, place.prefix);
    const consumer = key && (await readConsumer(api, place, key));
    if (consumer) {
      consumers.push(consumer);
    }
  }
  return consumers;
}

/** One foreign consumer, from the objects that it has, not from lists, which the broker may answer from a cache. */
export async function readConsumer(
  api: ManagementApi,
  { vhost, prefix }: Place,
  key: ForeignConsumerKey,
): Promise<ForeignConsumer | undefined> {
  const { queue: name, stream } = foreignQueuesOf(key, prefix);
  const { exchange } = new Topology([], prefix);
  const [user, permissions, rights, queue, log, bindings] = await Promise.all([
    api.get<BrokerUser>('users', name),
    api.get<{ readonly vhost: string }[]>('users', name, 'permissions'),
    api.get<TopicRight[]>('topic-permissions', vhost, name),
    api.get<BrokerQueue>('queues', vhost, name),
    api.get<BrokerQueue>('queues', vhost, stream, '?disable_stats=true'),
    api.get<BrokerBinding[]>('queues', vhost, name, 'bindings'),
  ]);
  const isPermitted = permissions?.some((one) => one.vhost === vhost) ?? false;
  const isElsewhere = !isPermitted && (permissions?.length ?? 0) > 0;
  const hasUser = user !== undefined && user.tags.includes(USER_TAG) && !isElsewhere;
  if (!hasUser && !queue && !log) {
    return undefined;
  }
  const right = rights?.find((one) => one.exchange === exchange);
  const read = right && readBindingRight(right.read);
  const parts = { user: hasUser, rights: isPermitted && right !== undefined, queue: queue !== undefined };
  return {
    ...key,
    user: name,
    vhost,
    queue: name,
    stream: log ? stream : null,
    projectId: read?.projectId ?? null,
    events: read?.events ?? null,
    bindings: (bindings ?? []).filter(({ source }) => source === exchange).map((one) => one.routing_key),
    bounds: queue ? boundsOf(queue.arguments) : null,
    messages: queue?.messages ?? null,
    consumers: queue?.consumers ?? null,
    missing: (['user', 'rights', 'queue'] as const).filter((part) => !parts[part]),
  };
}
