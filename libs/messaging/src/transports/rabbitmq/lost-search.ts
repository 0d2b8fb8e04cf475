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

  /** Goes on where it was for this consumer, whose queue is empty, and sends the messages of those that it finds once more. */
  async pass(subscription: Subscription, queues: ConsumerQueues): Promise<void> {
    const { consumer } = subscription;
    const { once, twice } = this.looked.get(consumer) ?? (await this.begin());
    const settled = await this.walk(subscription, queues, { after: twice, ageMs: SETTLED_MS, goesOn: false });
    const after = Math.max(once, settled);
    const seen = await this.walk(subscription, queues, { after, ageMs: LOST_MS, goesOn: true });
    this.looked.set(consumer, { once: seen, twice: settled });
  }

  private async begin(): Promise<Looked> {
    const { uow, settings } = this.context;
    const before = await uow.runAsWorker((tx) => beforeLastDay(tx, settings.now()));
    return { once: before, twice: before };
  }

  /** @returns up to which id everything that is there was published so long ago, and has been looked at. */
  private async walk(
    subscription: Subscription,
    queues: ConsumerQueues,
    { after, ageMs, goesOn }: Walk,
  ): Promise<number> {
    const { uow, settings } = this.context;
    let completeTo: number | null = null;
    let through = after;
    let isFull = true;
    while (isFull && !this.stopping.aborted) {
      const now = settings.now();
      const search = { after: through, before: new Date(now.getTime() - ageMs), now };
      const page = await uow.runAsWorker((tx) => lookThrough(tx, subscription, search));
      if (page.lost.length > 0 && !(await this.bringBack(subscription, queues, page.lost, search.before))) {
        break;
      }
      completeTo ??= page.completeTo;
      ({ through, isFull } = page);
      if (completeTo !== null && !goesOn) {
        break;
      }
    }
    return completeTo ?? through;
  }

  /** False when the queue is not empty any more: then they may be in it. */
  private async bringBack(
    subscription: Subscription,
    queues: ConsumerQueues,
    ids: readonly number[],
    before: Date,
  ): Promise<boolean> {
    const { broker } = this.context;
    if ((await broker.count(queues.queue)) > 0) {
      return false;
    }
    for (let from = 0; from < ids.length; from += BATCH) {
      await bringBack(this.context, queues, async (tx, now) => {
        const lost = await lockLost(tx, subscription, { ids: ids.slice(from, from + BATCH), before, now });
        return repeatLost(broker, subscription.consumer, lost, now);
      });
    }
    return true;
  }
}

/** Which part of the outbox a walk goes through. */
interface Walk {
  readonly after: number;
  /** How long ago an event must have been published. */
  readonly ageMs: number;
  /** Whether it goes on beyond one that is younger: that may be one which cannot be published for a long time. */
  readonly goesOn: boolean;
}
