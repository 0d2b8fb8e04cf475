import { Inject, Injectable } from '@nestjs/common';
import { UnitOfWork } from '#database';
import { MESSAGING_SETTINGS } from '../messaging-settings';
import type { MessagingSettings } from '../messaging-settings';

/** Events that the transport has yet to take. */
export interface Backlog {
  readonly events: number;
  /** Age of the oldest one, in seconds; 0 when there is none. */
  readonly oldestSeconds: number;
}

interface BacklogRow {
  readonly events: number;
  readonly oldest: Date | null;
}

/** In two halves, for each has its index. An event's time is its project's, which on a test side may run ahead. */
const READ_BACKLOG = `
  WITH half AS (
    (SELECT id FROM outbox WHERE position IS NULL ORDER BY id LIMIT 1)
    UNION ALL
    (SELECT id FROM outbox WHERE position IS NOT NULL AND published_at IS NULL ORDER BY id LIMIT 1)
  ), oldest AS (
    SELECT o.created_at - make_interval(secs => coalesce(p.clock_offset_ms, 0) / 1000.0) AS at
    FROM outbox o LEFT JOIN project p ON p.id = o.project_id WHERE o.id = (SELECT min(id) FROM half)
  )
  SELECT (SELECT count(*) FROM outbox WHERE position IS NULL)::int
    + (SELECT count(*) FROM outbox WHERE position IS NOT NULL AND published_at IS NULL)::int AS events,
    (SELECT at FROM oldest) AS oldest`;

/** Says how far the relay lags behind the writers. */
@Injectable()
export class OutboxBacklog {
  constructor(
    private readonly uow: UnitOfWork,
    @Inject(MESSAGING_SETTINGS) private readonly settings: MessagingSettings,
  ) {}

  async read(): Promise<Backlog> {
    const [row] = await this.uow.runAsWorker((tx) => tx.queryAndCommit<BacklogRow>({ text: READ_BACKLOG }));
    const age = row?.oldest ? this.settings.now().getTime() - row.oldest.getTime() : 0;
    return { events: row?.events ?? 0, oldestSeconds: Math.max(0, age / 1000) };
  }
}
