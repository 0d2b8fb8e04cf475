import { Logger } from '@nestjs/common';
import { faultPoint } from '#database';
import type { SqlTransaction, UnitOfWork } from '#database';
import type { MessagingSettings } from '../../messaging-settings';
import type { OutboxEvent } from '../event-transport';
import type { Broker } from './broker';
import { BrokerUnavailableError } from './broker.errors';
import type { OutgoingMessage } from './confirmed-publisher';
import { placeHold } from './holds';
import type { HeldEvent, Hold } from './holds';
import { repeatedMessage } from './messages';
import type { ConsumerQueues } from './topology';

/** Until an event that was brought back without having been tried is brought back again. */
const REPEAT_MS = 60_000;

const logger = new Logger('event-path');

/** What all searches of a process share. */
export interface SearchContext {
  readonly uow: UnitOfWork;
  readonly broker: Broker;
  readonly settings: MessagingSettings;
}

/** An event that is to be sent once more, and what holds what comes after it until it is handled. */
export interface Repeat {
  readonly hold: Hold;
  readonly message: OutgoingMessage;
}

/** Repeats of events whose messages are lost. What took them may have taken more, which is made again before. */
export async function repeatLost(
  broker: Broker,
  consumer: string,
  lost: readonly HeldEvent[],
  now: Date,
): Promise<Repeat[]> {
  if (lost.length > 0) {
    await broker.declare();
  }
  return lost.map(({ event }) => repeatUntried(broker, consumer, event, now));
}

/** The repeat of an event that nobody has tried. */
export function repeatUntried({ topology }: Broker, consumer: string, event: OutboxEvent, now: Date): Repeat {
  return {
    hold: {
      consumer,
      eventId: event.eventId,
      attempts: 0,
      reason: null,
      nextAt: new Date(now.getTime() + REPEAT_MS),
    },
    message: repeatedMessage(event, topology.queuesOf(consumer).queue, { attempts: 0 }),
  };
}

/** Sends the messages of what `search` finds once more. The holds commit after the broker has confirmed: a crash in between repeats both. */
export async function bringBack(
  { uow, broker, settings }: SearchContext,
  queues: ConsumerQueues,
  search: (tx: SqlTransaction, now: Date) => Promise<readonly Repeat[]>,
): Promise<void> {
  await uow.runAsWorker(async (tx) => {
    const now = settings.now();
    const repeats = await search(tx, now);
    if (repeats.length === 0) {
      return;
    }
    for (const { hold } of repeats) {
      await placeHold(tx, hold, now);
      logger.warn({
        event: 'event.brought_back',
        consumer: hold.consumer,
        event_id: hold.eventId,
        attempts: hold.attempts,
      });
    }
    const receipts = await broker.moves.publish(repeats.map(({ message }) => message));
    if (receipts.includes('unroutable')) {
      throw new BrokerUnavailableError(`The queue ${queues.queue} is missing.`);
    }
    faultPoint('stranded.afterPublish');
  });
}
