import { Logger } from '@nestjs/common';
import { WakeSignal } from '#messaging';
import type { ScheduledWork } from './runs-every';

/** By which part an interval is longer or shorter at random, so that processes which were started together do not stay so. */
const JITTER = 0.1;

/** One scheduled work: run after run, never two at once in this process. */
export class ScheduleLoop {
  private readonly logger = new Logger('schedules');
  private readonly signal = new WakeSignal();
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;

  constructor(
    private readonly name: string,
    private readonly intervalMs: number,
    private readonly work: ScheduledWork,
  ) {}

  start(): void {
    this.running ??= this.loop();
  }

  /** Runs it at once; when it is running already, once more after that. */
  wake(): void {
    this.signal.raise();
  }

  /** Lets the run that is under way end, which it is asked to do soon. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.signal.raise();
    await this.running;
  }

  private async loop(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      await this.tryRun();
      if (!this.stopping.signal.aborted) {
        await this.signal.wait(this.intervalMs * (1 + JITTER * (2 * Math.random() - 1)));
      }
    }
  }

  private async tryRun(): Promise<void> {
    try {
      await this.work.run(this.stopping.signal);
    } catch (error) {
      this.logger.error({ event: 'schedule.failed', schedule: this.name, error: String(error) });
    }
  }
}
