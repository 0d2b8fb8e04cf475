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

/** Up to which ids of the outbox events were looked at. */
interface Looked {
  /** At least once. */
  readonly once: number;
  /** And again when nothing could appear among them any more. */
  readonly twice: number;
}

/**
 * Looks for events whose messages are lost: those that nobody knows of while their queue is empty. Each event is looked at twice: soon
 * after it was published, and once more when no transaction is open any more that may have left an event with a smaller id.
 */
export class LostSearch {
  private readonly looked = new Map<string, Looked>();

  constructor(
    private readonly context: SearchContext,
    private readonly stopping: AbortSignal,
  ) {}

  /**
   * Goes on where it was for this consumer, whose queue was empty at this time, and sends the messages of those that it finds once more:
   * what was published before cannot be in the queue, however long the search takes.
   */
  async pass(subscription: Subscription, queues: ConsumerQueues, emptyAt: Date): Promise<void> {
    const { consumer } = subscription;
    const walk = async (after: number, ageMs: number, goesOn: boolean): Promise<number> =>
      this.walk(subscription, queues, { after, before: new Date(emptyAt.getTime() - ageMs), goesOn });
    const { once, twice } = this.looked.get(consumer) ?? (await this.begin());
    const settled = await walk(twice, SETTLED_MS, false);
    this.looked.set(consumer, { once: await walk(Math.max(once, settled), LOST_MS, true), twice: settled });
  }

  private async begin(): Promise<Looked> {
    const { uow, settings } = this.context;
    const before = await uow.runAsWorker((tx) => beforeLastDay(tx, settings.now()));
    return { once: before, twice: before };
  }

  /** @returns up to which id everything that is there was published before that time, and has been looked at. */
  private async walk(
    subscription: Subscription,
    queues: ConsumerQueues,
    { after, before, goesOn }: Walk,
  ): Promise<number> {
    const { uow, settings } = this.context;
    let completeTo: number | null = null;
    let through = after;
    let isFull = true;
    while (isFull && !this.stopping.aborted) {
      const search = { after: through, before, now: settings.now() };
      const page = await uow.runAsWorker((tx) => lookThrough(tx, subscription, search));
      await this.bringBack(subscription, queues, page.lost, before);
      completeTo ??= page.completeTo;
      ({ through, isFull } = page);
      if (completeTo !== null && !goesOn) {
        break;
      }
    }
    return completeTo ?? through;
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

/** Which part of the outbox a walk goes through. */
interface Walk {
  readonly after: number;
  /** Events that were published before this time. */
  readonly before: Date;
  /** Whether it goes on beyond one that is younger: that may be one which cannot be published for a long time. */
  readonly goesOn: boolean;
}
