import { Inject, Injectable } from '@nestjs/common';
import type { Channel } from 'amqplib';
import { UnitOfWork } from '#database';
import type { SqlTransaction } from '#database';
import { isUuid } from '../../consumers/is-uuid';
import { knownConsumers } from '../../consumers/known-consumers';
import { DeadDeliveries } from '../../dead/dead-deliveries';
import type { DeadDelivery, DeadDeliveryDetails, DeadListRequest } from '../../dead/dead-deliveries';
import { readDeadBody } from '../../dead/read-dead-body';
import { MESSAGING_SETTINGS } from '../../messaging-settings';
import type { MessagingSettings } from '../../messaging-settings';
import { Broker } from './broker';
import { BrokerUnavailableError } from './broker.errors';
import { findDead, readDead } from './dead-queue';
import type { DeadMessage } from './dead-queue';
import { giveUp, removeHolds } from './holds';
import { movedMessage } from './messages';

/** First half of the advisory locks under which operators take turns at a dead queue: who reads has its messages in hand. */
const LOCK_NAMESPACE = 1_346_852;

/**
 * The dead list as queues of the broker. Besides events that a consumer gave up they have what the broker itself gave up, and
 * messages that are no events. After a crash between two steps an event may be dead twice, which is listed once.
 */
@Injectable()
export class RabbitMqDeadDeliveries extends DeadDeliveries {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly broker: Broker,
    @Inject(MESSAGING_SETTINGS) private readonly settings: MessagingSettings,
  ) {
    super();
  }

  async list({ consumer, limit }: DeadListRequest): Promise<readonly DeadDelivery[]> {
    const dead: DeadDelivery[] = [];
    for (const one of consumer === undefined ? await this.uow.runAsWorker(knownConsumers) : [consumer]) {
      const messages = await this.atDeadQueue(one, (queue, channel) => readDead(channel, queue));
      dead.push(...(await this.describe(one, messages.slice(0, limit))));
    }
    return dead.toSorted(byAge).slice(0, limit);
  }

  async show(consumer: string, eventId: string): Promise<DeadDeliveryDetails | null> {
    const message = await this.atDeadQueue(consumer, (queue, channel) => findDead(channel, queue, eventId));
    const [delivery] = message ? await this.describe(consumer, [message]) : [];
    return message && delivery ? { ...delivery, event: readDeadBody(message.body) } : null;
  }

  async redrive(consumer: string, eventId: string): Promise<boolean> {
    return this.settle(consumer, eventId, async (message) => {
      if (isUuid(eventId)) {
        // It says that the event is dead, so it has to be gone before the consumer gets the message.
        await this.uow.runAsWorker((tx) => removeHolds(tx, consumer, [eventId]));
      }
      const { queue } = this.broker.topology.queuesOf(consumer);
      const [receipt] = await this.broker.moves.publish([movedMessage(message, queue, { attempts: 0 })]);
      if (receipt !== 'safe') {
        throw new BrokerUnavailableError(`The queue ${queue} is missing. Start its consumer, then redrive again.`);
      }
    });
  }

  async discard(consumer: string, eventId: string): Promise<boolean> {
    return this.settle(consumer, eventId, async () => {
      if (isUuid(eventId)) {
        await this.uow.runAsWorker((tx) => giveUp(tx, { consumer, eventId }, this.settings.now()));
      }
    });
  }

  /** Takes a message out of the dead queue after `work`. A crash before leaves it there. */
  private async settle(
    consumer: string,
    eventId: string,
    work: (message: DeadMessage) => Promise<void>,
  ): Promise<boolean> {
    return this.atDeadQueue(consumer, async (queue, channel) => {
      const message = await findDead(channel, queue, eventId);
      if (!message) {
        return false;
      }
      await work(message);
      channel.ack(message.source);
      return true;
    });
  }

  /** Takes its turn at the consumer's dead queue, and puts back what was not acknowledged. */
  private async atDeadQueue<T>(consumer: string, work: (queue: string, channel: Channel) => Promise<T>): Promise<T> {
    if (!(await this.broker.reach())) {
      throw new BrokerUnavailableError('RabbitMQ, which keeps the dead events, is not reachable. Try again later.');
    }
    const { dead } = this.broker.topology.queuesOf(consumer);
    return this.uow.runAsWorker(async (tx) => {
      await tx.query({ text: 'SELECT pg_advisory_xact_lock($1, hashtext($2))', values: [LOCK_NAMESPACE, dead] });
      return this.broker.onChannel(async (channel) => {
        try {
          return await work(dead, channel);
        } finally {
          putBack(channel);
        }
      });
    });
  }

  /** A message that is no event is described by what the outbox knows of its id. */
  private async describe(consumer: string, messages: readonly DeadMessage[]): Promise<DeadDelivery[]> {
    const unreadable = messages.filter(({ event, eventId }) => event === null && isUuid(eventId));
    const facts = unreadable.length > 0 ? await this.uow.runAsWorker((tx) => findFacts(tx, unreadable)) : [];
    return messages.map(({ event, eventId, attempts, reason, source }) => {
      const known = facts.find(({ event_id }) => event_id === eventId);
      return {
        consumer,
        eventId,
        type: event?.type ?? known?.type ?? String(source.properties.type ?? ''),
        projectId: event?.projectid ?? known?.project_id ?? '',
        aggregateId: event?.subject ?? known?.aggregate_id ?? '',
        attempts,
        reason,
      };
    });
  }
}

/** The channel's end would put it back as well, but after the next reader may have begun. */
function putBack(channel: Channel): void {
  try {
    channel.nackAll(true);
  } catch {
    // The channel is closed, so its end is what happens.
  }
}

interface OutboxFacts {
  readonly event_id: string;
  readonly type: string;
  readonly project_id: string;
  readonly aggregate_id: string;
}

async function findFacts(tx: SqlTransaction, messages: readonly DeadMessage[]): Promise<OutboxFacts[]> {
  return tx.queryAndCommit<OutboxFacts>({
    text: 'SELECT event_id, type, project_id, aggregate_id FROM outbox WHERE event_id = ANY($1::uuid[])',
    values: [messages.map(({ eventId }) => eventId)],
  });
}

/** Ids of events rise with time. */
function byAge(one: DeadDelivery, other: DeadDelivery): number {
  return one.eventId < other.eventId ? -1 : Number(one.eventId > other.eventId);
}
