import { Inject, Injectable, Logger } from '@nestjs/common';
import { UnitOfWork } from '#database';
import type { WorkerTx } from '#database';
import { MESSAGING_SETTINGS } from '../messaging-settings';
import type { MessagingSettings } from '../messaging-settings';
import { askForDuty } from '../relay/locks';
import { pruneIdempotencyKeys, pruneInbox, pruneLog } from './prune.sql';
import type { PrunedPage } from './prune.sql';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** How many rows went. */
export interface Pruned {
  readonly events: number;
  readonly inbox: number;
  readonly idempotencyKeys: number;
}

/** Deletes one page of what is older than `before`, behind `after`. */
type Prune = (tx: WorkerTx, before: Date, after: number) => Promise<PrunedPage>;

/**
 * Deletes what is no longer needed: published events beyond their days, inbox rows of that age, answers of idempotency keys after
 * 24 hours. In small transactions, of which one process at a time is active. Events that are not published, or that a consumer
 * has yet to handle, stay whatever their age.
 */
@Injectable()
export class Retention {
  private readonly logger = new Logger('event-path');

  constructor(
    private readonly uow: UnitOfWork,
    @Inject(MESSAGING_SETTINGS) private readonly settings: MessagingSettings,
  ) {}

  /** Deletes page after page until nothing is left, another process is at it, or `stopping`. */
  async run(stopping: AbortSignal): Promise<Pruned> {
    const kept = this.settings.retentionDays * DAY_MS;
    const pruned = {
      events: await this.prune(pruneLog, kept, stopping),
      inbox: await this.prune(pruneInbox, kept, stopping),
      idempotencyKeys: await this.prune(pruneIdempotencyKeys, DAY_MS, stopping),
    };
    this.logger.log({
      event: 'retention.pruned',
      events: pruned.events,
      inbox: pruned.inbox,
      idempotency_keys: pruned.idempotencyKeys,
    });
    return pruned;
  }

  private async prune(prune: Prune, keptMs: number, stopping: AbortSignal): Promise<number> {
    const before = new Date(this.settings.now().getTime() - keptMs);
    let total = 0;
    let after: number | null = 0;
    while (after !== null && !stopping.aborted) {
      const page: PrunedPage = await this.uow.runAsWorker(async (tx) =>
        (await askForDuty(tx, 'retention')) ? prune(tx, before, after ?? 0) : { deleted: 0, goOnAfter: null },
      );
      total += page.deleted;
      after = page.goOnAfter;
    }
    return total;
  }
}
