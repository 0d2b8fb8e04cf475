import { setTimeout as pause } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { faultPoint } from '#database';
import type { UnitOfWork } from '#database';
import type { MessagingSettings } from '../../messaging-settings';
import type { Broker } from './broker';
import { BrokerUnavailableError } from './broker.errors';
import type { OutgoingMessage } from './confirmed-publisher';
import { lockOverdue, placeHold } from './holds';
import type { Hold, OverdueHold } from './holds';
import { repeatedMessage } from './messages';
import type { ConsumerQueues } from './topology';

const EVERY_MS = 60_000;

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
 * Brings back events that wait for ever: their hold is overdue, and their queue is empty. Someone has emptied or deleted a rung, or
 * the transport was changed while they waited. The outbox still has them. Each time counts as an attempt, so that an event which
 * kills its consumer ends among the dead.
 */
export class LostMessages {
  private readonly logger = new Logger('event-path');
  private running: Promise<void> | undefined;

  constructor(
    private readonly consumers: readonly string[],
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
    for (const consumer of this.consumers) {
      const queues = this.context.broker.topology.queuesOf(consumer);
      if ((await this.context.broker.count(queues.queue)) === 0) {
        await this.bringBack(consumer, queues);
      }
    }
  }

  private async run(): Promise<void> {
    while (await pause(EVERY_MS, true, { signal: this.stopping }).catch(() => false)) {
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

  private async bringBack(consumer: string, queues: ConsumerQueues): Promise<void> {
    const { uow, broker, settings } = this.context;
    await uow.runAsWorker(async (tx) => {
      const now = settings.now();
      const before = new Date(now.getTime() - OVERDUE_MS);
      const overdue = await lockOverdue(tx, { consumer, before, limit: BATCH });
      if (overdue.length === 0) {
        return;
      }
      const repeats = overdue.map((hold) => repeat(consumer, queues, hold, now));
      for (const { hold } of repeats) {
        await placeHold(tx, hold, now);
        this.logger.error({ event: 'event.brought_back', consumer, event_id: hold.eventId, attempts: hold.attempts });
      }
      const receipts = await broker.moves.publish(repeats.map(({ message }) => message));
      if (receipts.includes('unroutable')) {
        throw new BrokerUnavailableError(`The queue ${queues.queue} is missing.`);
      }
      faultPoint('lost.afterPublish');
    });
  }
}

interface Repeat {
  readonly hold: Hold;
  readonly message: OutgoingMessage;
}

function repeat(consumer: string, queues: ConsumerQueues, { attempts: failed, event }: OverdueHold, now: Date): Repeat {
  const attempts = failed + 1;
  const isDead = attempts > queues.rungs.length;
  const reason = `Its message was lost on the way back from the ladder, after ${failed} failed attempts.`;
  return {
    hold: { consumer, eventId: event.eventId, attempts, reason, nextAt: isDead ? null : now },
    message: repeatedMessage(event, isDead ? queues.dead : queues.queue, { attempts, ...(isDead && { reason }) }),
  };
}
