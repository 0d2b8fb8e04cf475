import { Injectable, Logger } from '@nestjs/common';
import { UnitOfWork } from '#database';

/** What the limiter says of one request. */
export interface RateDecision {
  readonly allowed: boolean;
  readonly limit: number;
  /** Requests left at this moment. */
  readonly remaining: number;
  /** Whole seconds until the window ends. */
  readonly resetSeconds: number;
  /** Whole seconds until there is room for one request, if nobody else takes it; 0 for an allowed one. */
  readonly retryAfterSeconds: number;
}

interface Window {
  readonly previous_count: number;
  readonly current_count: number;
  /** How many of the requests that were asked for are granted. */
  readonly granted: number;
  /** How far the window has gone, 0 to 60. */
  readonly elapsed: number;
}

/** Requests that were counted beforehand and are still to come. */
interface Lease {
  readonly limit: number;
  tokens: number;
  readonly remaining: number;
  /** On the process's monotonic clock, in milliseconds. */
  readonly windowEndsAt: number;
}

/** Length of a window in seconds. */
export const WINDOW_SECONDS = 60;

/** From twice this limit on a process takes several requests at once: each process is exact to one part in so many. */
const EXACT_LIMIT = 1_000;

/**
 * Begins a new window where the old one has ended, and takes up to $2 requests of what is left of $3. What the limit, which
 * may have been lowered, no longer allows is forgotten. A clock that was set back begins anew.
 */
const TAKE = `
  INSERT INTO rate_limit AS r (project_id, window_started_at, previous_count, current_count, granted)
  VALUES ($1, clock_timestamp(), 0, $2, $2)
  ON CONFLICT (project_id) DO UPDATE SET (window_started_at, previous_count, current_count, granted) = (
    SELECT started_at, previous, current + free, free
    FROM (SELECT extract(epoch FROM clock_timestamp() - r.window_started_at)::float8 AS age) a,
    LATERAL (SELECT floor(age / ${WINDOW_SECONDS})::int AS ended) e,
    LATERAL (SELECT
      CASE ended WHEN 0 THEN r.window_started_at WHEN 1 THEN r.window_started_at + interval '${WINDOW_SECONDS} s'
        ELSE clock_timestamp() END AS started_at,
      CASE ended WHEN 0 THEN age WHEN 1 THEN age - ${WINDOW_SECONDS} ELSE 0 END AS elapsed,
      CASE ended WHEN 0 THEN least(r.previous_count, $3) WHEN 1 THEN least(r.current_count, $3) ELSE 0 END AS previous,
      CASE ended WHEN 0 THEN least(r.current_count, $3) ELSE 0 END AS current) w,
    LATERAL (SELECT greatest(0, least($2, floor($3 - current - previous * (1 - elapsed / ${WINDOW_SECONDS}))))::int AS free) f)
  RETURNING previous_count, current_count, granted,
    extract(epoch FROM clock_timestamp() - window_started_at)::float8 AS elapsed`;

/**
 * One budget of requests a minute per project, shared by all processes through the database: a sliding window, in which the
 * previous minute counts by the share of it that still lies within the last 60 seconds. The window begins with the first
 * request. Refused requests are not counted, so a caller that keeps on knocking is let in as soon as there is room.
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
    try {
      return this.takeLeased(projectId, limit) ?? (await this.takeShared(projectId, limit));
    } catch (error) {
      this.logger.warn({ event: 'rate_limit.unavailable', project_id: projectId, reason: String(error) });
      return null;
    }
  }

  private takeLeased(projectId: string, limit: number): RateDecision | null {
    const lease = this.leases.get(projectId);
    const secondsLeft = lease ? (lease.windowEndsAt - performance.now()) / 1000 : 0;
    if (!lease || lease.limit !== limit || lease.tokens === 0 || secondsLeft <= 0) {
      this.leases.delete(projectId);
      return null;
    }
    lease.tokens--;
    return allowed(limit, lease.remaining + lease.tokens, secondsLeft);
  }

  private async takeShared(projectId: string, limit: number): Promise<RateDecision> {
    const window = await this.count(projectId, limit);
    const secondsLeft = Math.max(0, WINDOW_SECONDS - window.elapsed);
    if (window.granted === 0) {
      return this.takeLeased(projectId, limit) ?? refused(limit, window, secondsLeft);
    }
    const remaining = Math.max(0, Math.floor(limit - window.current_count - weightOfPrevious(window)));
    if (window.granted === 1) {
      return allowed(limit, remaining, secondsLeft);
    }
    this.lease(projectId, {
      limit,
      tokens: window.granted,
      remaining,
      windowEndsAt: performance.now() + secondsLeft * 1000,
    });
    return this.takeLeased(projectId, limit) ?? allowed(limit, remaining, secondsLeft);
  }

  /** Requests that ask at the same moment each bring a lease; none is lost. */
  private lease(projectId: string, fresh: Lease): void {
    const held = this.leases.get(projectId);
    const isUsable = held?.limit === fresh.limit && held.windowEndsAt > performance.now();
    this.leases.set(projectId, isUsable ? { ...fresh, tokens: fresh.tokens + held.tokens } : fresh);
  }

  private async count(projectId: string, limit: number): Promise<Window> {
    const [window] = await this.uow.runAsWorker((tx) =>
      tx.queryAndCommit<Window>({
        name: 'rate-limit-take',
        text: TAKE,
        values: [projectId, Math.max(1, Math.floor(limit / EXACT_LIMIT)), limit],
      }),
    );
    if (!window) {
      throw new Error('The rate limit statement answered nothing.');
    }
    return window;
  }
}

function allowed(limit: number, remaining: number, secondsLeft: number): RateDecision {
  return { allowed: true, limit, remaining, resetSeconds: atLeastOne(secondsLeft), retryAfterSeconds: 0 };
}

function refused(limit: number, window: Window, secondsLeft: number): RateDecision {
  return {
    allowed: false,
    limit,
    remaining: 0,
    resetSeconds: atLeastOne(secondsLeft),
    retryAfterSeconds: atLeastOne(secondsUntilRoom(limit, window)),
  };
}

/** How much of the previous window still counts. */
function weightOfPrevious({ previous_count, elapsed }: Window): number {
  return previous_count * Math.max(0, 1 - elapsed / WINDOW_SECONDS);
}

/** One request fits as soon as no more than `limit - 1` count: in this window if it has room itself, else in the next. */
function secondsUntilRoom(limit: number, { previous_count, current_count, elapsed }: Window): number {
  return current_count < limit
    ? untilWeight(previous_count, limit - 1 - current_count) - elapsed
    : WINDOW_SECONDS - elapsed + untilWeight(current_count, limit - 1);
}

/** How far a window has to go until `previous` counts no more than `weight`. */
function untilWeight(previous: number, weight: number): number {
  return WINDOW_SECONDS * Math.max(0, 1 - weight / previous);
}

function atLeastOne(seconds: number): number {
  return Math.max(1, Math.ceil(seconds));
}
