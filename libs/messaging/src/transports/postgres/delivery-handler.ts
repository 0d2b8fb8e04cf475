import { Logger } from '@nestjs/common';
import { faultPoint } from '#database';
import type { UnitOfWork, WorkerTx } from '#database';
import { BatchSize } from '../../consumers/batch-size';
import type { ConsumerRuntime } from '../../consumers/consumer-runtime';
import { logConsumed, traceparentOf } from '../../consumers/consumption-log';
import type { Outcome } from '../../consumers/consumption-log';
import { isAbort, judgeFailure } from '../../consumers/failure-policy';
import { readEnvelope } from '../../consumers/read-envelope';
import type { MessagingSettings } from '../../messaging-settings';
import type { Subscription } from '../subscription';
import { claimDeliveries, finishDeliveries, recordFailure } from './deliveries';
import type { ClaimedDelivery } from './deliveries';

/** What all handlers of a process share. */
export interface HandlerContext {
  readonly uow: UnitOfWork;
  readonly runtime: ConsumerRuntime;
  readonly settings: MessagingSettings;
}

/** What a transaction that goes well has done. */
interface Handled {
  readonly outcomes: ReadonlyArray<readonly [ClaimedDelivery, Outcome]>;
  readonly handlersMs: number;
}

/**
 * Handles a consumer's deliveries: the claim, the inbox rows, the effects and the end of the deliveries commit together. What is due
 * shares a transaction while that goes well; when it does not, nothing of it has happened, and each is tried alone. The failure of one
 * alone is recorded in another transaction, for the first may be beyond use; a crash in between costs one attempt that does not count.
 */
export class DeliveryHandler {
  private readonly logger = new Logger('event-path');
  private readonly size = new BatchSize();
  /** Claimed by this process; until a failure is recorded no other worker of it may take the delivery up again. */
  private readonly inHand = new Set<number>();

  constructor(
    private readonly subscription: Subscription,
    private readonly context: HandlerContext,
    private readonly stopping: AbortSignal,
  ) {}

  /**
   * Claims the next due deliveries and makes an attempt at each.
   * @param onFull called before the attempts begin, when there may be more to claim.
   * @returns false when nothing could be claimed.
   * @throws when the database fails, never when the consumer does.
   */
  async handleNext(onFull: () => void): Promise<boolean> {
    const startedAt = performance.now();
    const hand: ClaimedDelivery[] = [];
    const limit = this.size.next;
    try {
      const handled = await this.context.uow.runAsWorker(async (tx) => {
        hand.push(...(await this.claim(tx, limit)));
        if (hand.length === limit) {
          onFull();
        }
        // What another worker has just given up because everything stops is not taken up again.
        return hand.length > 0 && !this.stopping.aborted ? this.attempt(tx, hand) : null;
      });
      if (handled) {
        const { handlersMs, outcomes } = handled;
        this.size.succeeded(hand.length, { handlersMs, restMs: performance.now() - startedAt - handlersMs });
        for (const [delivery, outcome] of outcomes) {
          faultPoint('consumer.afterCommit');
          this.log(delivery, outcome, startedAt);
        }
      }
    } catch (error) {
      await this.takeBack(hand, error, startedAt);
    } finally {
      for (const { outboxId } of hand) {
        this.inHand.delete(outboxId);
      }
    }
    return hand.length > 0;
  }

  private async claim(tx: WorkerTx, limit: number): Promise<readonly ClaimedDelivery[]> {
    const { consumer } = this.subscription;
    const now = this.context.settings.now();
    const deliveries = await claimDeliveries(tx, { consumer, now, except: [...this.inHand], limit });
    for (const { outboxId } of deliveries) {
      this.inHand.add(outboxId);
    }
    return deliveries;
  }

  private async attempt(tx: WorkerTx, hand: readonly ClaimedDelivery[]): Promise<Handled> {
    const { consumer } = this.subscription;
    const attempts = hand.flatMap(({ event, attempt }) =>
      event ? [{ event: readEnvelope(event.body), attempt, stopping: this.stopping }] : [],
    );
    const { kinds, handlersMs } = await this.context.runtime.consume(tx, this.subscription, attempts);
    const outboxIds = hand.map(({ outboxId }) => outboxId);
    await finishDeliveries(tx, consumer, outboxIds);
    const left = [...kinds];
    const outcomes = hand.map((delivery) => {
      const kind = delivery.event ? left.shift() : undefined;
      return [delivery, { kind: kind ?? 'gone' }] as const;
    });
    return { outcomes, handlersMs };
  }

  /** Nothing of the transaction has happened. One event has failed; of several it must be seen which. */
  private async takeBack(hand: readonly ClaimedDelivery[], error: unknown, startedAt: number): Promise<void> {
    const [first, second] = hand;
    if (!first) {
      throw error;
    }
    this.size.failed(hand.length);
    if (second) {
      const { consumer } = this.subscription;
      this.logger.debug({ event: 'events.taken_back', consumer, count: hand.length, error: String(error) });
    } else {
      this.log(first, await this.fail(first, error), startedAt);
    }
  }

  private async fail({ outboxId, attempt }: ClaimedDelivery, error: unknown): Promise<Outcome> {
    if (this.stopping.aborted && isAbort(error)) {
      return { kind: 'interrupted' };
    }
    faultPoint('consumer.beforeFailure');
    const { uow, settings } = this.context;
    const verdict = judgeFailure(error, attempt, settings.retryDelaysMs);
    const nextAt = verdict.kind === 'retry' ? new Date(settings.now().getTime() + verdict.delayMs) : null;
    const { consumer } = this.subscription;
    await uow.runAsWorker((tx) => recordFailure(tx, { consumer, outboxId, attempt, reason: verdict.reason, nextAt }));
    faultPoint('consumer.afterFailure');
    return verdict;
  }

  private log({ eventId, projectId, attempt, event }: ClaimedDelivery, outcome: Outcome, startedAt: number): void {
    const { consumer } = this.subscription;
    const requestId = event?.requestId ?? eventId;
    const traceparent = event ? traceparentOf(event.body) : undefined;
    const type = event?.type ?? null;
    const attempted = { consumer, eventId, type, projectId, attempt, requestId, traceparent, startedAt };
    logConsumed(this.context.settings.observer, attempted, outcome);
  }
}
