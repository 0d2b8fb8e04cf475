import { setTimeout as pause } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { isUuid } from '../../consumers/is-uuid';
import { faultPoint } from '#database';
import type { UnitOfWork } from '#database';
import type { MessagingSettings } from '../../messaging-settings';
import { BrokerUnavailableError } from './broker.errors';
import type { ConfirmedPublisher } from './confirmed-publisher';
import type { Deferral } from './decision';
import { placeHold } from './holds';
import { movedMessage } from './messages';
import type { IncomingMessage } from './messages';
import type { ConsumerQueues } from './topology';

/** What all consumers of a process share. */
export interface DeferralContext {
  readonly uow: UnitOfWork;
  readonly settings: MessagingSettings;
  /** Publishes to rungs and dead queues. */
  readonly moves: ConfirmedPublisher;
}

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

/**
 * Lets events of one consumer wait or die: first the hold, which is the decision, then the message to its rung or to the dead queue,
 * confirmed. Only then may it be acknowledged; a crash in between repeats the steps.
 */
export class DeferredEvents {
  private readonly logger = new Logger('event-path');

  constructor(
    private readonly consumer: string,
    private readonly queues: ConsumerQueues,
    private readonly context: DeferralContext,
    private readonly stopping: AbortSignal,
  ) {}

  /**
   * Defers an event; waits for a database or a broker that is away, for nothing else could be done without them either.
   * @throws when everything stops before it is done.
   */
  async defer(message: IncomingMessage, deferral: Deferral): Promise<void> {
    faultPoint('consumer.beforeFailure');
    await this.untilDone(() => this.hold(message, deferral));
    faultPoint('consumer.afterFailure');
    const queue = this.queueOf(deferral);
    if (queue !== null) {
      await this.untilDone(() => this.move(message, queue, deferral));
      faultPoint('consumer.afterMove');
    }
  }

  private async hold({ eventId }: IncomingMessage, deferral: Deferral): Promise<void> {
    if (!isUuid(eventId)) {
      return;
    }
    const { uow, settings } = this.context;
    const now = settings.now();
    const hold = {
      consumer: this.consumer,
      eventId,
      attempts: deferral.attempts,
      reason: 'reason' in deferral ? deferral.reason : null,
      nextAt: nextAt(deferral, now),
    };
    await uow.runAsWorker((tx) => placeHold(tx, hold, now));
  }

  private async move(message: IncomingMessage, queue: string, deferral: Deferral): Promise<void> {
    const { attempts } = deferral;
    const headers = { attempts, ...('reason' in deferral && { reason: deferral.reason }) };
    const [receipt] = await this.context.moves.publish([movedMessage(message, queue, headers)]);
    if (receipt !== 'safe') {
      throw new BrokerUnavailableError(`The queue ${queue} is missing.`);
    }
  }

  private queueOf(deferral: Deferral): string | null {
    switch (deferral.kind) {
      case 'dead':
        return this.queues.dead;
      case 'behind':
        return null;
      default:
        return deferral.rung.queue;
    }
  }

  private async untilDone(work: () => Promise<void>): Promise<void> {
    let pauseMs = FIRST_PAUSE_MS;
    for (;;) {
      try {
        return await work();
      } catch (error) {
        this.logger.warn({ event: 'consumer.waits', consumer: this.consumer, error: String(error) });
        if (this.stopping.aborted) {
          throw error;
        }
        await pause(pauseMs, undefined, { signal: this.stopping }).catch(() => undefined);
        pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
      }
    }
  }
}

/** Null when there is no next attempt. */
function nextAt(deferral: Deferral, now: Date): Date | null {
  switch (deferral.kind) {
    case 'dead':
      return null;
    case 'behind':
      return deferral.dueAt;
    default:
      return new Date(now.getTime() + deferral.rung.delayMs);
  }
}
