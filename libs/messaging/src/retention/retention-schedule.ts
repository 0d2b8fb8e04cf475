import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { Retention } from './retention';

/** Soon after the start, so that a process which restarts often prunes as well; not at once, when it has better things to do. */
const FIRST_AFTER_MS = 3_000;
const EVERY_MS = 3_600_000;

/** Runs {@link Retention} every hour. */
@Injectable()
export class RetentionSchedule {
  private readonly logger = new Logger('event-path');
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;

  constructor(private readonly retention: Retention) {}

  start(): void {
    this.running ??= this.run();
  }

  /** Lets the batch that is under way end. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    let waitMs = FIRST_AFTER_MS;
    while (await elapsed(waitMs, signal)) {
      await this.tryRun(signal);
      waitMs = EVERY_MS;
    }
  }

  private async tryRun(signal: AbortSignal): Promise<void> {
    try {
      await this.retention.run(signal);
    } catch (error) {
      this.logger.error({ event: 'retention.failed', error: String(error) });
    }
  }
}

/** False when the wait was cut short. */
async function elapsed(ms: number, signal: AbortSignal): Promise<boolean> {
  return pause(ms, true, { signal }).catch(() => false);
}
