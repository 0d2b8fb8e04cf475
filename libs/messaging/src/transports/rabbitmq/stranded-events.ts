import { setTimeout as pause } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { SqlTransaction } from '#database';
import type { Subscription } from '../subscription';
import { bringBack, repeatLost, repeatUntried } from './bring-back';
import type { Repeat, SearchContext } from './bring-back';
import { lockOverdue, lockUnblocked } from './holds';
import type { HeldEvent } from './holds';
import { lockMissed } from './lost-events';
import { LostSearch } from './lost-search';
import { repeatedMessage } from './messages';
import type { ConsumerQueues } from './topology';

/** What was done or died just now is followed by what came behind it; only when that was cut short does it wait any longer. */
const UNBLOCKED_MS = 10_000;

/** So much longer than a handler may take do events wait for one before them, until that counts as lost. */
const MISSED_MARGIN_MS = 10_000;

const BATCH = 100;

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
  private readonly lost: LostSearch;

  constructor(
    private readonly subscriptions: readonly Subscription[],
    private readonly context: SearchContext,
    private readonly stopping: AbortSignal,
  ) {
    this.lost = new LostSearch(context, stopping);
  }

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
      await bringBack(this.context, queues, (tx, now) => this.missed(tx, subscription, now));
      await bringBack(this.context, queues, (tx, now) => this.unblocked(tx, consumer, now));
      const askedAt = this.context.settings.now();
      if ((await this.context.broker.count(queues.queue)) === 0) {
        await bringBack(this.context, queues, (tx, now) => this.overdue(tx, consumer, now));
        await this.lost.pass(subscription, queues, askedAt);
      }
    }
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
    return repeatLost(this.context.broker, subscription.consumer, missed, now);
  }

  private async unblocked(tx: SqlTransaction, consumer: string, now: Date): Promise<Repeat[]> {
    const before = new Date(now.getTime() - UNBLOCKED_MS);
    const unblocked = await lockUnblocked(tx, { consumer, before, limit: BATCH });
    return unblocked.map(({ event }) => repeatUntried(this.context.broker, consumer, event, now));
  }

  private async overdue(tx: SqlTransaction, consumer: string, now: Date): Promise<Repeat[]> {
    const before = new Date(now.getTime() - this.context.settings.overdueMs);
    const queues = this.context.broker.topology.queuesOf(consumer);
    const overdue = await lockOverdue(tx, { consumer, before, limit: BATCH });
    return overdue.map((held) => repeatOverdue(consumer, queues, held, now));
  }
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
