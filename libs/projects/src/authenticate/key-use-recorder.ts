import { Injectable, Logger } from '@nestjs/common';
import type { OnModuleDestroy } from '@nestjs/common';
import { UnitOfWork } from '#database';
import { Clock } from '#platform';
import type { StoredKey } from './stored-key';

/** How exactly the last use is kept, in milliseconds: one write a minute and key is enough. */
const RESOLUTION_MS = 60_000;

/**
 * Writes what the use of a key leaves behind, beside the request and never in its way: when it was last used, and its hash under
 * the current pepper when it was found by the former one's. What cannot be written is logged and tried again at a later use.
 */
@Injectable()
export class KeyUseRecorder implements OnModuleDestroy {
  private readonly logger = new Logger('api-keys');
  private readonly writing = new Set<string>();
  /** Rows whose use is written, for as long as they are kept: they do not show it themselves. */
  private readonly written = new WeakSet<StoredKey>();
  private readonly writes = new Set<Promise<void>>();

  constructor(
    private readonly uow: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  /** Notes a use; `currentHash` is the one that the key should be stored under. */
  record(key: StoredKey, currentHash: Buffer): void {
    const now = this.clock.now();
    const isNoted = key.lastUsedAt !== null && now.getTime() - key.lastUsedAt.getTime() < RESOLUTION_MS;
    if ((isNoted && key.hash.equals(currentHash)) || this.written.has(key) || this.writing.has(key.id)) {
      return;
    }
    this.writing.add(key.id);
    const write = this.write(key, currentHash, now)
      .catch((error: unknown) =>
        this.logger.warn({ event: 'api_key.use_not_recorded', key_id: key.id, reason: String(error) }),
      )
      .finally(() => this.writes.delete(write));
    this.writes.add(write);
  }

  /** Waits for the writes under way, so that none meets a closed database. */
  async onModuleDestroy(): Promise<void> {
    await Promise.all(this.writes);
  }

  private async write(key: StoredKey, currentHash: Buffer, now: Date): Promise<void> {
    try {
      await this.uow.runAsWorker((tx) =>
        tx.queryAndCommit({
          name: 'record-api-key-use',
          text: `UPDATE api_key SET hash = $3, last_used_at = greatest(last_used_at, $4)
                 WHERE project_id = $1 AND id = $2 AND (hash <> $3 OR last_used_at IS NULL OR last_used_at <= $5)`,
          values: [key.liveProjectId, key.id, currentHash, now, new Date(now.getTime() - RESOLUTION_MS)],
        }),
      );
      this.written.add(key);
    } finally {
      this.writing.delete(key.id);
    }
  }
}
