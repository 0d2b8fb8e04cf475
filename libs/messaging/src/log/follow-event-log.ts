import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { DomainError } from '#contracts';
import type { ProjectScope } from '#database';
import { WakeSignal } from '../relay/wake-signal';
import { EventLog } from './event-log';
import type { EventLogPage, EventLogRequest, LoggedEvent } from './event-log';
import { LogWatch } from './log-watch';

/** Which part of a project's event log to follow, and how long. */
export interface FollowRequest {
  /**
   * Position after which to begin. `latest` begins with what is to come; so does `unknown`, for a reader whose position is none
   * of this log, and who is told so.
   */
  readonly after: number | 'latest' | 'unknown';
  /** Only events of these types. */
  readonly types?: readonly string[];
  /** Ends the following. */
  readonly signal: AbortSignal;
}

/** The next events of the log, or none yet: the first step only says where one stands. */
export interface LogStep {
  readonly events: readonly LoggedEvent[];
  /** Where to go on from, whether or not there were events. */
  readonly position: number;
  /** The reader's position was unknown, or its events are no longer kept: this goes on from the end, and there is a gap. */
  readonly isReset: boolean;
}

interface PageStep extends LogStep {
  readonly hasMore: boolean;
}

/** Events of one step at most. */
const PAGE = 100;

/** Without anything to hear of. The watch speaks every second, so this is never reached while the database is there. */
const MAX_SLEEP_MS = 600_000;

const MIN_BACKOFF_MS = 500;
const MAX_BACKOFF_MS = 10_000;

/**
 * Follows a project's event log as it grows: every event once and in order, because what counts is the log and the follower's
 * position in it. Hints only say when to look. Nothing is read before the step before has been taken, so a slow reader holds no
 * more than one step, and nothing is asked of the database while nothing happens.
 */
@Injectable()
export class FollowEventLog {
  private readonly logger = new Logger('event-path');
  private readonly reading = new Map<string, Promise<EventLogPage>>();

  constructor(
    private readonly eventLog: EventLog,
    private readonly watch: LogWatch,
  ) {}

  /** Fails only before its first step; later on it waits until the database can be read again. */
  async *follow(scope: ProjectScope, request: FollowRequest): AsyncGenerator<LogStep, void> {
    const { signal } = request;
    const wake = new WakeSignal();
    let position: number | undefined;
    const stopWatching = this.watch.watch(scope.projectId, (head) => {
      if (head !== position) {
        wake.raise();
      }
    });
    const onAbort = () => wake.raise();
    signal.addEventListener('abort', onAbort);
    try {
      let step: PageStep | undefined = await this.firstStep(scope, request);
      while (step) {
        position = step.position;
        yield step;
        if (!step.hasMore && !signal.aborted) {
          await wake.wait(MAX_SLEEP_MS);
        }
        step = await this.nextStep(scope, position, request);
      }
    } finally {
      signal.removeEventListener('abort', onAbort);
      stopWatching();
    }
  }

  private async firstStep(scope: ProjectScope, { after, types }: FollowRequest): Promise<PageStep> {
    return typeof after === 'number' ? this.page(scope, after, types) : this.end(scope, after === 'unknown');
  }

  /** Undefined once the following has ended. */
  private async nextStep(
    scope: ProjectScope,
    after: number,
    { types, signal }: FollowRequest,
  ): Promise<PageStep | undefined> {
    let backoff = MIN_BACKOFF_MS;
    while (!signal.aborted) {
      try {
        return await this.page(scope, after, types);
      } catch {
        await pause(backoff, undefined, { signal }).catch(() => undefined);
        backoff = Math.min(backoff * 2, MAX_BACKOFF_MS);
      }
    }
    return undefined;
  }

  private async page(scope: ProjectScope, after: number, types: FollowRequest['types']): Promise<PageStep> {
    try {
      const { events, nextPosition, hasMore } = await this.read(scope, { after, types, limit: PAGE });
      return { events, position: nextPosition, isReset: false, hasMore };
    } catch (error) {
      if (isExpired(error)) {
        return this.end(scope, true);
      }
      throw error;
    }
  }

  private async end(scope: ProjectScope, isReset: boolean): Promise<PageStep> {
    const { nextPosition } = await this.read(scope, { after: 'latest', limit: PAGE });
    return { events: [], position: nextPosition, isReset, hasMore: false };
  }

  /** Followers that are woken together stand at the same position: they share one read. */
  private read(scope: ProjectScope, request: EventLogRequest): Promise<EventLogPage> {
    const key = JSON.stringify([scope.projectId, request.after, request.types]);
    const running = this.reading.get(key);
    if (running) {
      return running;
    }
    const reading = this.readAlone(scope, request).finally(() => this.reading.delete(key));
    this.reading.set(key, reading);
    return reading;
  }

  private async readAlone(scope: ProjectScope, request: EventLogRequest): Promise<EventLogPage> {
    try {
      return await this.eventLog.read(scope, request);
    } catch (error) {
      if (!isExpired(error)) {
        this.logger.warn({ event: 'event_log.unreadable', project_id: scope.projectId, error: String(error) });
      }
      throw error;
    }
  }
}

function isExpired(error: unknown): boolean {
  return error instanceof DomainError && error.code === 'cursor_expired';
}
