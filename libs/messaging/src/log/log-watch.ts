import { Injectable, Logger } from '@nestjs/common';
import type { OnModuleDestroy } from '@nestjs/common';
import { Database, UnitOfWork } from '#database';
import { HintListener } from '../transports/postgres/hint-listener';
import { WakeSignal } from '../relay/wake-signal';
import { LOG_CHANNEL, parseLogHint } from './log-hint';

/** How late a lost hint is made up for. */
const POLL_MS = 1_000;

/** Takes the last position of a project's log, whether or not it has changed. */
export type OnLogHead = (lastPosition: number) => void;

interface HeadRow {
  readonly project_id: string;
  readonly last_position: number;
}

/**
 * Tells this process how far the logs of watched projects reach: at once by hints, each second by one statement for all of them.
 * However many watch, there is one connection that hears hints, and nothing is asked while nobody watches.
 */
@Injectable()
export class LogWatch implements OnModuleDestroy {
  private readonly logger = new Logger('event-path');
  private readonly watchers = new Map<string, Set<OnLogHead>>();
  private readonly due = new WakeSignal();
  private readonly hints: HintListener;
  private polling: Promise<void> | undefined;
  private isStopping = false;

  constructor(
    database: Database,
    private readonly uow: UnitOfWork,
  ) {
    this.hints = new HintListener(database.url, LOG_CHANNEL, (payload) => this.hear(payload));
  }

  /** Watches a project's log until the answered function is called. */
  watch(projectId: string, onHead: OnLogHead): () => void {
    const ofProject = this.watchers.get(projectId) ?? new Set();
    this.watchers.set(projectId, ofProject.add(onHead));
    this.hints.start();
    this.polling ??= this.poll();
    return () => {
      ofProject.delete(onHead);
      if (ofProject.size === 0 && this.watchers.get(projectId) === ofProject) {
        this.watchers.delete(projectId);
      }
    };
  }

  /** Ends with the process. */
  async onModuleDestroy(): Promise<void> {
    this.isStopping = true;
    this.due.raise();
    await this.hints.stop();
    await this.polling;
  }

  private hear(payload: string | undefined): void {
    const hint = payload === undefined ? undefined : parseLogHint(payload);
    if (hint) {
      this.tell(hint.projectId, hint.lastPosition);
    } else {
      this.due.raise();
    }
  }

  private async poll(): Promise<void> {
    let isFailing = false;
    while (!this.isStopping) {
      await this.due.wait(POLL_MS);
      const error = await this.readHeads();
      if (error && !isFailing) {
        this.logger.warn({ event: 'log_watch.failed', error });
      }
      isFailing = error !== undefined;
    }
  }

  /** Answers what went wrong. */
  private async readHeads(): Promise<string | undefined> {
    if (this.watchers.size === 0 || this.isStopping) {
      return undefined;
    }
    try {
      const heads = await this.uow.runAsWorker((tx) =>
        tx.queryAndCommit<HeadRow>({
          name: 'event-log-heads',
          text: 'SELECT project_id, last_position FROM event_log_head WHERE project_id = ANY($1::uuid[])',
          values: [[...this.watchers.keys()]],
        }),
      );
      heads.forEach((head) => this.tell(head.project_id, head.last_position));
      return undefined;
    } catch (error) {
      return String(error);
    }
  }

  private tell(projectId: string, lastPosition: number): void {
    this.watchers.get(projectId)?.forEach((onHead) => onHead(lastPosition));
  }
}
