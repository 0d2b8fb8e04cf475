import { setTimeout as pause } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { faultPoint } from '#database';
import type { SqlTransaction, UnitOfWork } from '#database';
import type { MessagingSettings } from '../../messaging-settings';
import type { OutboxEvent } from '../event-transport';
import type { Subscription } from '../subscription';
import type { Broker } from './broker';
import { BrokerUnavailableError } from './broker.errors';
import type { OutgoingMessage } from './confirmed-publisher';
import { lockOverdue, lockUnblocked, placeHold } from './holds';
import type { Hold, HeldEvent } from './holds';
import { lockLost, lockMissed, settledTo } from './lost-events';
import { repeatedMessage } from './messages';
import type { ConsumerQueues } from './topology';

/** What was done or died just now is followed by what came behind it; only when that was cut short does it wait any longer. */
const UNBLOCKED_MS = 10_000;

/** So much longer than a handler may take do events wait for one before them, until that counts as lost. */
const MISSED_MARGIN_MS = 10_000;

/** Until an unblocked event that was brought back is brought back again. */
const REPEAT_MS = 60_000;

/** Nothing moves a message to its queue later than this, see the broker's own repeats of what it could not move. */
const OVERDUE_MS = 15 * 60_000;

const BATCH = 100;

/** What all searches of a process share. */
export interface SearchContext {
  readonly uow: UnitOfWork;
  readonly broker: Broker;
  readonly settings: MessagingSettings;
}

/**
 * Brings back events that would wait for ever. Those that came behind another one, when that is done, but a crash has cut short what
 * comes after. Those whose message is lost: someone has emptied or deleted a rung, and their queue is empty; each time counts as an
 * attempt, so that an event which kills its consumer ends among the dead. Those that were lost before anyone had them in hand, because
 * someone has deleted a queue or its binding: when the queue is empty, or once a later one of their aggregate waits for them. And those
 * that waited in the database when the transport was changed. The outbox still has them all.
 */
export class StrandedEvents {
  private readonly logger = new Logger('event-path');
  private running: Promise<void> | undefined;
  /** Up to which id of the outbox nothing is lost, by consumer. */
  private readonly complete = new Map<string, number>();

  constructor(
    private readonly subscriptions: readonly Subscription[],
    private readonly context: SearchContext,
    private readonly stopping: AbortSignal,
  ) {}

  start(): void {
    this.running ??= this.run();
  }

  /** Resolves when `stopping` has ended {@link start}. */
  async ended(): Promise<void> {
    await this.running;
  }

  /** Searches once, for every consumer. */
  async pass(): Promise<void> {
    for (const subscription of this.subscriptions) {
      const { consumer } = subscription;
      const queues = this.context.broker.topology.queuesOf(consumer);
      await this.bringBack((tx, now) => this.missed(tx, subscription, now), queues);
      await this.bringBack((tx, now) => this.unblocked(tx, consumer, now), queues);
      if ((await this.context.broker.count(queues.queue)) === 0) {
        await this.bringBack((tx, now) => this.overdue(tx, consumer, now), queues);
        await this.bringBackLost(subscription, queues);
      }
    }
  }

  private async bringBackLost(subscription: Subscription, queues: ConsumerQueues): Promise<void> {
    const { consumer } = subscription;
    const after = this.complete.get(consumer) ?? 0;
    let settled = after;
    let found = BATCH;
    while (found === BATCH && !this.stopping.aborted) {
      found = await this.bringBack(async (tx, now) => {
        settled = await settledTo(tx, after, now);
        const lost = await lockLost(tx, subscription, { after, now, limit: BATCH });
        return this.repeatLost(consumer, lost, now);
      }, queues);
    }
    this.complete.set(consumer, settled);
  }

  private async run(): Promise<void> {
    while (await pause(this.context.settings.searchEveryMs, true, { signal: this.stopping }).catch(() => false)) {
      await this.tryPass();
    }
  }

  private async tryPass(): Promise<void> {
    try {
      if (await this.context.broker.reach()) {
        await this.pass();
      }
    } catch (error) {
      this.logger.warn({ event: 'event.search_failed', error: String(error) });
    }
  }

  private async missed(tx: SqlTransaction, subscription: Subscription, now: Date): Promise<Repeat[]> {
    const before = new Date(now.getTime() - this.context.settings.handlerTimeoutMs - MISSED_MARGIN_MS);
    const missed = await lockMissed(tx, subscription, { before, now, limit: BATCH });
    return this.repeatLost(subscription.consumer, missed, now);
  }

  private async repeatLost(consumer: string, lost: readonly HeldEvent[], now: Date): Promise<Repeat[]> {
    if (lost.length > 0) {
      // Whatever has taken their messages may have taken more.
      await this.context.broker.declare();
    }
    return lost.map(({ event }) => this.repeatUntried(consumer, event, now));
  }

  private async unblocked(tx: SqlTransaction, consumer: string, now: Date): Promise<Repeat[]> {
    const before = new Date(now.getTime() - UNBLOCKED_MS);
    const unblocked = await lockUnblocked(tx, { consumer, before, limit: BATCH });
    return unblocked.map(({ event }) => this.repeatUntried(consumer, event, now));
  }

  private repeatUntried(consumer: string, event: OutboxEvent, now: Date): Repeat {
    const { queue } = this.context.broker.topology.queuesOf(consumer);
    const nextAt = new Date(now.getTime() + REPEAT_MS);
    return {
      hold: { consumer, eventId: event.eventId, attempts: 0, reason: null, nextAt },
      message: repeatedMessage(event, queue, { attempts: 0 }),
    };
  }

  private async overdue(tx: SqlTransaction, consumer: string, now: Date): Promise<Repeat[]> {
    const before = new Date(now.getTime() - OVERDUE_MS);
    const queues = this.context.broker.topology.queuesOf(consumer);
    const overdue = await lockOverdue(tx, { consumer, before, limit: BATCH });
    return overdue.map((held) => repeatOverdue(consumer, queues, held, now));
  }

  /** @returns how many were brought back. */
  private async bringBack(
    search: (tx: SqlTransaction, now: Date) => Promise<Repeat[]>,
    queues: ConsumerQueues,
  ): Promise<number> {
    const { uow, broker, settings } = this.context;
    return uow.runAsWorker(async (tx) => {
      const now = settings.now();
      const repeats = await search(tx, now);
      if (repeats.length === 0) {
        return 0;
      }
      for (const { hold } of repeats) {
        await placeHold(tx, hold, now);
        this.logger.warn({
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
      return repeats.length;
    });
  }
}

interface Repeat {
  readonly hold: Hold;
  readonly message: OutgoingMessage;
}

function repeatOverdue(
  consumer: string,
  queues: ConsumerQueues,
  { attempts: failed, event }: HeldEvent,
  now: Date,
): Repeat {
  const attempts = failed + 1;
  const isDead = attempts > queues.rungs.length;
  const reason = `Its message was lost on the way back from the ladder, after ${failed} failed attempts.`;
  return {
    hold: { consumer, eventId: event.eventId, attempts, reason, nextAt: isDead ? null : now },
    message: repeatedMessage(event, isDead ? queues.dead : queues.queue, { attempts, ...(isDead && { reason }) }),
  };
}
