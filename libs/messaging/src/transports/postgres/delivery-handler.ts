import { faultPoint } from '#database';
import type { UnitOfWork, WorkerTx } from '#database';
import type { ConsumerRuntime } from '../../consumers/consumer-runtime';
import { logConsumed, traceparentOf } from '../../consumers/consumption-log';
import type { Outcome } from '../../consumers/consumption-log';
import { isAbort, judgeFailure } from '../../consumers/failure-policy';
import type { MessagingSettings } from '../../messaging-settings';
import type { Subscription } from '../subscription';
import { claimDelivery, finishDelivery, recordFailure } from './deliveries';
import type { ClaimedDelivery } from './deliveries';

/** What all handlers of a process share. */
export interface HandlerContext {
  readonly uow: UnitOfWork;
  readonly runtime: ConsumerRuntime;
  readonly settings: MessagingSettings;
}

/**
 * Handles a consumer's deliveries, one per transaction: the claim, the inbox row, the effect and the end of the delivery commit
 * together. A failure is recorded in another transaction, for the first may be beyond use; a crash in between costs one attempt
 * that does not count.
 */
export class DeliveryHandler {
  /** Claimed by this process; until a failure is recorded no other worker of it may take the delivery up again. */
  private readonly inHand = new Set<number>();

  constructor(
    private readonly subscription: Subscription,
    private readonly context: HandlerContext,
    private readonly stopping: AbortSignal,
  ) {}

  /**
   * Claims the next due delivery and makes an attempt.
   * @param onClaimed called before the attempt begins.
   * @returns false when nothing could be claimed.
   * @throws when the database fails, never when the consumer does.
   */
  async handleNext(onClaimed: () => void): Promise<boolean> {
    const startedAt = performance.now();
    const hand: { delivery?: ClaimedDelivery } = {};
    try {
      const outcome = await this.context.uow.runAsWorker(async (tx) => {
        const delivery = await this.claim(tx);
        if (!delivery) {
          return null;
        }
        hand.delivery = delivery;
        onClaimed();
        return this.attempt(tx, delivery);
      });
      if (hand.delivery && outcome) {
        faultPoint('consumer.afterCommit');
        this.log(hand.delivery, outcome, startedAt);
      }
    } catch (error) {
      if (!hand.delivery) {
        throw error;
      }
      this.log(hand.delivery, await this.fail(hand.delivery, error), startedAt);
    } finally {
      this.inHand.delete(hand.delivery?.outboxId ?? 0);
    }
    return hand.delivery !== undefined;
  }

  private async claim(tx: WorkerTx): Promise<ClaimedDelivery | null> {
    const { consumer } = this.subscription;
    const delivery = await claimDelivery(tx, consumer, this.context.settings.now(), [...this.inHand]);
    if (delivery) {
      this.inHand.add(delivery.outboxId);
    }
    return delivery;
  }

  private async attempt(tx: WorkerTx, { event, attempt, outboxId }: ClaimedDelivery): Promise<Outcome> {
    const kind = event
      ? await this.context.runtime.consume(tx, this.subscription, {
          body: event.body,
          attempt,
          stopping: this.stopping,
        })
      : 'gone';
    await finishDelivery(tx, this.subscription.consumer, outboxId);
    return { kind };
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
