import type { Subscription } from '../subscription';
import { bringBack, repeatLost } from './bring-back';
import type { SearchContext } from './bring-back';
import { beforeLastDay, lockLost, lookThrough } from './lost-events';
import type { ConsumerQueues } from './topology';

/** Published so long ago, an event of an empty queue is handled, held or in hand; one that is in hand is no worse for a second message. */
const LOST_MS = 10_000;

/** Longer than any transaction lives: events that were published before it have no neighbours any more that are still to appear. */
const SETTLED_MS = 2 * 60_000;

/** Events brought back in one transaction. */
const BATCH = 100;

/** Looks for events whose messages are lost: those that nobody knows of while their queue is empty. */
export class LostSearch {
  /** By consumer, up to which id of the outbox nothing is lost, and nothing can appear any more. */
  private readonly settled = new Map<string, number>();

  constructor(
    private readonly context: SearchContext,
    private readonly stopping: AbortSignal,
  ) {}

  /**
   * Looks through what is not settled yet for this consumer, whose queue was empty at this time, and sends the messages of those that it
   * finds once more: what was published before cannot be in the queue, however long the search takes.
   */
  async pass(subscription: Subscription, queues: ConsumerQueues, emptyAt: Date): Promise<void> {
    const { uow, settings } = this.context;
    const before = new Date(emptyAt.getTime() - LOST_MS);
    const settledBefore = new Date(emptyAt.getTime() - SETTLED_MS);
    let through = this.settled.get(subscription.consumer) ?? (await this.begin());
    let settledTo: number | null = null;
    let isFull = true;
    while (isFull && !this.stopping.aborted) {
      const search = { after: through, before, settledBefore, now: settings.now() };
      const page = await uow.runAsWorker((tx) => lookThrough(tx, subscription, search));
      await this.bringBack(subscription, queues, page.lost, before);
      settledTo ??= page.settledTo;
      ({ through, isFull } = page);
    }
    this.settled.set(subscription.consumer, settledTo ?? through);
  }

  private async begin(): Promise<number> {
    const { uow, settings } = this.context;
    return uow.runAsWorker((tx) => beforeLastDay(tx, settings.now()));
  }

  private async bringBack(
    subscription: Subscription,
    queues: ConsumerQueues,
    ids: readonly number[],
    before: Date,
  ): Promise<void> {
    for (let from = 0; from < ids.length; from += BATCH) {
      await bringBack(this.context, queues, async (tx, now) => {
        const lost = await lockLost(tx, subscription, { ids: ids.slice(from, from + BATCH), before, now });
        return repeatLost(this.context.broker, subscription.consumer, lost, now);
      });
    }
  }
}
