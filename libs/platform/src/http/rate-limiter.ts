import { Injectable, Logger } from '@nestjs/common';
import { UnitOfWork } from '#database';

/** What the limiter says of one request. */
export interface RateDecision {
  readonly allowed: boolean;
  readonly limit: number;
  /** Requests left in the window. */
  readonly remaining: number;
  /** Whole seconds until the window ends. */
  readonly resetSeconds: number;
}

interface Window {
  readonly previous_count: number;
  readonly current_count: number;
  /** How far the window has gone, 0 to 60. */
  readonly elapsed: number;
}

interface Lease {
  tokens: number;
  readonly decision: RateDecision;
  readonly expiresAt: number;
}

/** Length of a window in seconds. */
export const WINDOW_SECONDS = 60;

/** Above this limit a process takes several requests' worth at once: the count stays within 0.1 % of exact. */
const EXACT_LIMIT = 1_000;

/** How long taken tokens may be used, in milliseconds. */
const LEASE_MS = 1_000;

/**
 * One budget of requests a minute per project, shared by all processes through the database: a sliding window, in which the
 * previous minute counts by the share of it that still lies within the last 60 seconds. The window begins with the first
 * request.
 */
@Injectable()
export class RateLimiter {
  private readonly logger = new Logger('rate-limit');
  private readonly leases = new Map<string, Lease>();

  constructor(private readonly uow: UnitOfWork) {}

  /** Counts one request; a limit of 0 means none. When the database cannot answer, the request is let through. */
  async take(projectId: string, limit: number): Promise<RateDecision | null> {
    if (limit === 0) {
      return null;
    }
    const lease = this.leases.get(projectId);
    if (lease && lease.tokens > 0 && lease.expiresAt > Date.now() && lease.decision.limit === limit) {
      lease.tokens--;
      return lease.decision;
    }
    try {
      return await this.takeShared(projectId, limit, Math.max(1, Math.floor(limit / EXACT_LIMIT)));
    } catch (error) {
      this.logger.warn({ event: 'rate_limit.unavailable', project_id: projectId, reason: String(error) });
      return null;
    }
  }

  private async takeShared(projectId: string, limit: number, tokens: number): Promise<RateDecision> {
    const window = await this.count(projectId, limit, tokens);
    const used = window.current_count + weighted(window);
    const decision = {
      allowed: used <= limit,
      limit,
      remaining: Math.max(0, Math.floor(limit - used)),
      resetSeconds: Math.max(1, Math.ceil(WINDOW_SECONDS - window.elapsed)),
    };
    if (tokens > 1 && decision.allowed) {
      this.leases.set(projectId, { tokens: tokens - 1, decision, expiresAt: Date.now() + LEASE_MS });
    }
    return decision;
  }

  /** Refused requests are not counted, so a caller that keeps on knocking is let in as soon as there is room. */
  private async count(projectId: string, limit: number, tokens: number): Promise<Window> {
    const [window] = await this.uow.runAsWorker((tx) =>
      tx.queryAndCommit<Window>({
        name: 'rate-limit-take',
        text: `INSERT INTO rate_limit AS r (project_id, window_started_at, previous_count, current_count)
               VALUES ($1, clock_timestamp(), 0, $2)
               ON CONFLICT (project_id) DO UPDATE SET (window_started_at, previous_count, current_count) = (
                 SELECT
                   CASE WHEN age < ${WINDOW_SECONDS} THEN r.window_started_at
                        WHEN age < 2 * ${WINDOW_SECONDS} THEN r.window_started_at + interval '${WINDOW_SECONDS} s'
                        ELSE clock_timestamp() END,
                   CASE WHEN age < ${WINDOW_SECONDS} THEN r.previous_count
                        WHEN age < 2 * ${WINDOW_SECONDS} THEN least(r.current_count, $3) ELSE 0 END,
                   CASE WHEN age < ${WINDOW_SECONDS} THEN least(r.current_count, $3) + $2 ELSE $2 END
                 FROM (SELECT extract(epoch FROM clock_timestamp() - r.window_started_at)::float8 AS age) a)
               RETURNING previous_count, current_count,
                 extract(epoch FROM clock_timestamp() - window_started_at)::float8 AS elapsed`,
        values: [projectId, tokens, limit],
      }),
    );
    if (!window) {
      throw new Error('The rate limit statement answered nothing.');
    }
    return window;
  }
}

/** How much of the previous window still counts. */
function weighted({ previous_count, elapsed }: Window): number {
  return Math.floor(previous_count * Math.max(0, 1 - elapsed / WINDOW_SECONDS));
}
