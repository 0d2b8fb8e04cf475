import { setTimeout as pause } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { RelayPass } from '../observation/event-observer';
import type { WakeSignal } from './wake-signal';

/** How a pass ended: there may be more to do, nothing is left, or another process is active. */
export type PassResult = 'more' | 'idle' | 'busy';

/** Something that is done again and again. */
export interface Duty {
  /** For the log. */
  readonly name: string;
  /** Between two passes, in milliseconds, so that what comes meanwhile shares one; 0 when that is gathered already. */
  readonly gatherMs: number;
  pass(): Promise<PassResult>;
  /** Is told how each pass ended. */
  passed?(pass: RelayPass): void;
}

/** Longest sleep: a signal is only a hint, this is what finds everything. */
const POLL_MS = 1_000;

/** Until another process, which may have begun before our events were committed, is asked again. */
const BUSY_MS = 20;

const MAX_BACKOFF_MS = 10_000;

/** Passes of one duty, one after the other: at each signal, once a second without one, with growing pauses while it fails. */
export class DutyLoop {
  private readonly logger = new Logger('event-path');
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  private failures = 0;

  constructor(
    private readonly duty: Duty,
    private readonly signal: WakeSignal,
  ) {}

  start(): void {
    this.running ??= this.run();
  }

  /** Lets the pass that is under way end. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.signal.raise();
    await this.running;
  }

  private async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      const result = await this.tryPass();
      if (result === 'failed') {
        // Signals do not shorten this pause: they would come as fast as events are written.
        await this.pause(Math.min(POLL_MS * 2 ** (this.failures - 1), MAX_BACKOFF_MS));
      } else if (result !== 'more') {
        await this.pause(this.duty.gatherMs);
        await this.signal.wait(result === 'busy' ? BUSY_MS : POLL_MS);
      }
    }
  }

  private async pause(ms: number): Promise<void> {
    if (ms > 0) {
      await pause(ms, undefined, { signal: this.stopping.signal }).catch(() => undefined);
    }
  }

  private async tryPass(): Promise<PassResult | 'failed'> {
    try {
      const result = await this.duty.pass();
      this.failures = 0;
      this.duty.passed?.(result === 'busy' ? 'busy' : 'done');
      return result;
    } catch (error) {
      this.failures++;
      this.duty.passed?.('failed');
      this.logger.error({ event: `${this.duty.name}.failed`, failures: this.failures, error: String(error) });
      return 'failed';
    }
  }
}
