import { DomainError } from '#contracts';
import type { RabbitMqOptions } from '../messaging-settings';
import { boundsOf, foreignQueue, foreignQueuesOf } from '../transports/rabbitmq/foreign-queues';
import type { ForeignConsumerKey, QueueBounds } from '../transports/rabbitmq/foreign-queues';
import { Topology } from '../transports/rabbitmq/topology';
import { consumerDefinitions, USER_TAG, userDefinition } from './consumer-definitions';
import type { ConsumerPlan, Definitions } from './consumer-definitions';
import { assertKey, completeBounds } from './consumer-rules';
import { makePassword } from './credentials';
import { bindingKeys, bindingRight } from './event-choice';
import type { EventChoice } from './event-choice';
import type { ForeignConsumer } from './foreign-consumer';
import { ManagementApi } from './management-api';
import { placeOf } from './place';
import type { Credentials, Place } from './place';
import { readConsumer, readConsumers } from './read-consumers';
import type { BrokerBinding, BrokerQueue, BrokerUser } from './read-consumers';

/** What a foreign consumer is to get. */
export interface AddConsumerCommand {
  readonly key: ForeignConsumerKey;
  /** The side's own id. */
  readonly projectId: string;
  readonly events: EventChoice;
  /** Those that are not given stay as they are; of a new queue they are the usual ones. */
  readonly bounds: Partial<QueueBounds>;
  /** Whether it gets a stream of its own for replay. One that it has stays. */
  readonly stream: boolean;
}

/** A foreign consumer that is there now. */
export interface AddedConsumer {
  readonly consumer: ForeignConsumer;
  /** Null for a user that was there already: it keeps its password. */
  readonly password: string | null;
}

/**
 * Other companies' consumers on the broker: of each a user, its rights, its queue, and a stream if it has one. The broker keeps all
 * of it, and the database nothing. Every step may be repeated, and a command that died is completed by running it again.
 */
export class ForeignConsumers {
  private readonly api: ManagementApi;
  private readonly place: Place;

  /** @param managementUrl see {@link ManagementApi}. */
  constructor(managementUrl: string, rabbitmq: RabbitMqOptions) {
    this.api = new ManagementApi(managementUrl);
    this.place = placeOf(rabbitmq);
  }

  /**
   * Makes a consumer, or makes one that is there what the command says: events that it names no more are taken away.
   * @throws {DomainError} `validation_failed`; `conflict` for a user or a queue that cannot be what is asked for.
   * @throws {ManagementError}
   */
  async add({ key, projectId, events, bounds, stream }: AddConsumerCommand): Promise<AddedConsumer> {
    assertKey(key);
    const names = foreignQueuesOf(key, this.place.prefix);
    const isThere = await this.hasUser(names.queue);
    const before = await readConsumer(this.api, this.place, key);
    const plan: ConsumerPlan = {
      key,
      projectId,
      events,
      bounds: await this.boundsFor(names.queue, bounds),
      stream: stream || Boolean(before?.stream),
    };
    const fresh = isThere ? undefined : makePassword();
    await this.api.post('definitions', consumerDefinitions(plan, this.place, fresh?.hash));
    if (isThere && rightOf(before) !== bindingRight(events, projectId)) {
      // An open channel remembers what it was allowed to.
      await this.endConnections(names.queue);
    }
    await this.takeAway(plan);
    const consumer = await readConsumer(this.api, this.place, key);
    if (!consumer || consumer.missing.length > 0) {
      throw new DomainError('conflict', `The consumer "${key.name}" was removed meanwhile. Add it again.`);
    }
    return { consumer, password: fresh?.password ?? null };
  }

  /** All consumers of this installation, by project, side and name. @throws {ManagementError} */
  async list(): Promise<ForeignConsumer[]> {
    return readConsumers(this.api, this.place);
  }

  /** @throws {DomainError} `not_found`; {ManagementError} */
  async show(key: ForeignConsumerKey): Promise<ForeignConsumer> {
    const consumer = await readConsumer(this.api, this.place, key);
    if (!consumer) {
      throw notFound(key);
    }
    return consumer;
  }

  /**
   * Takes the user away, which ends its connections, and then its queue and stream with all that is in them.
   * @throws {DomainError} `validation_failed`, `not_found`, `conflict`; {ManagementError}
   */
  async remove(key: ForeignConsumerKey): Promise<void> {
    assertKey(key);
    const { queue, stream } = foreignQueuesOf(key, this.place.prefix);
    const hadUser = (await this.hasUser(queue)) && (await this.api.delete('users', queue));
    const hadQueue = await this.api.delete('queues', this.place.vhost, queue);
    const hadStream = await this.api.delete('queues', this.place.vhost, stream);
    if (!hadUser && !hadQueue && !hadStream) {
      throw notFound(key);
    }
  }

  /**
   * Gives the user another password, and ends the connections that were made with the old one.
   * @throws {DomainError} `validation_failed`, `not_found`, `conflict`; {ManagementError}
   */
  async rotatePassword(key: ForeignConsumerKey): Promise<Credentials> {
    assertKey(key);
    const { queue: user } = foreignQueuesOf(key, this.place.prefix);
    if (!(await this.hasUser(user))) {
      throw notFound(key);
    }
    const { password, hash } = makePassword();
    await this.api.post('definitions', { users: [userDefinition(user, hash)] } satisfies Partial<Definitions>);
    await this.endConnections(user);
    return { user, password };
  }

  /** Whether there is a user of ours of this name. @throws {DomainError} `conflict` for one of somebody else. */
  private async hasUser(name: string): Promise<boolean> {
    const user = await this.api.get<BrokerUser>('users', name);
    if (!user) {
      return false;
    }
    if (!user.tags.includes(USER_TAG)) {
      throw new DomainError(
        'conflict',
        `RabbitMQ has a user "${name}" that is no consumer of this product (it lacks the tag ${USER_TAG}). Choose another name.`,
      );
    }
    const permissions = await this.api.get<{ readonly vhost: string }[]>('users', name, 'permissions');
    const elsewhere = permissions?.find(({ vhost }) => vhost !== this.place.vhost);
    if (elsewhere) {
      throw new DomainError(
        'conflict',
        `The user "${name}" has rights in the virtual host "${elsewhere.vhost}": another installation has made it. Choose another name, or set RABBITMQ_PREFIX for one of the two.`,
      );
    }
    return true;
  }

  /** @throws {DomainError} `conflict` when the queue is there with other bounds: RabbitMQ changes none. */
  private async boundsFor(name: string, asked: Partial<QueueBounds>): Promise<QueueBounds> {
    const queue = await this.api.get<BrokerQueue>('queues', this.place.vhost, name, '?disable_stats=true');
    const bounds = completeBounds(asked, queue && boundsOf(queue.arguments));
    const wanted = Object.entries(foreignQueue(name, bounds).arguments);
    const differing = queue ? wanted.filter(([argument, value]) => queue.arguments[argument] !== value) : [];
    if (differing.length > 0) {
      throw new DomainError(
        'conflict',
        `The queue "${name}" is there with another ${differing.map(([argument]) => argument).join(', ')}, which RabbitMQ cannot change. To change it, remove the consumer, with the messages that wait, and add it again.`,
      );
    }
    return bounds;
  }

  /** Unbinds what the plan does not name. */
  private async takeAway({ key, projectId, events }: ConsumerPlan): Promise<void> {
    const { vhost, prefix } = this.place;
    const { exchange } = new Topology([], prefix);
    const kept = bindingKeys(events, projectId);
    for (const queue of Object.values(foreignQueuesOf(key, prefix))) {
      const bindings = await this.api.get<BrokerBinding[]>('queues', vhost, queue, 'bindings');
      for (const { source, routing_key: bound, arguments: args, properties_key: binding } of bindings ?? []) {
        const isKept = kept.includes(bound) && Object.keys(args).length === 0;
        if (source === exchange && !isKept) {
          await this.api.delete('bindings', vhost, 'e', exchange, 'q', queue, binding);
        }
      }
    }
  }

  private async endConnections(user: string): Promise<void> {
    await this.api.delete('connections', 'username', user);
  }
}

function rightOf(consumer: ForeignConsumer | undefined): string | undefined {
  return consumer?.events && consumer.projectId ? bindingRight(consumer.events, consumer.projectId) : undefined;
}

function notFound({ project, side, name }: ForeignConsumerKey): DomainError {
  return new DomainError(
    'not_found',
    `The ${side} side of the project "${project}" has no consumer "${name}". \`helpdesk consumer list\` shows those that there are.`,
  );
}
