import { setMaxListeners } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { Slots } from '../../consumers/slots';
import { BATCH_ALONE_MS } from '../../consumers/batch-size';
import { WakeSignal } from '../../relay/wake-signal';
import type { Subscription } from '../subscription';
import { DeliveryHandler } from './delivery-handler';
import type { HandlerContext } from './delivery-handler';

/** Longest sleep: hints may go missing, and retries become due without any. */
const POLL_MS = 1_000;

/** Transactions of one consumer that a process has open at once, each with events of other aggregates. */
const CONCURRENCY = 4;

/**
 * One consumer's work in this process. A worker claims until nothing is left; further workers join while there may be more than it
 * can take, or when it takes its time.
 */
export class ConsumerLoop {
  private readonly logger = new Logger('event-path');
  private readonly signal = new WakeSignal();
  private readonly stopping = new AbortController();
  private readonly workers = new Set<Promise<void>>();
  private readonly handler: DeliveryHandler;
  private running: Promise<void> | undefined;

  constructor(
    private readonly subscription: Subscription,
    context: HandlerContext,
    private readonly slots: Slots,
  ) {
    // Every event in hand may wait for it.
    setMaxListeners(0, this.stopping.signal);
    this.handler = new DeliveryHandler(subscription, context, this.stopping.signal);
  }

  start(): void {
    this.running ??= this.run();
  }

  /** There may be deliveries. */
  wake(): void {
    this.signal.raise();
  }

  /** Claims nothing more and lets the handlers that run end. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.signal.raise();
    await this.running;
    await Promise.all(this.workers);
  }

  private async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      await this.leaveAlone();
      this.addWorker();
      await this.signal.wait(POLL_MS);
    }
  }

  /** A worker that is soon through finds what we were woken for by itself. */
  private async leaveAlone(): Promise<void> {
    const ended = new AbortController();
    const timeUp = pause(BATCH_ALONE_MS, undefined, { signal: ended.signal }).catch(() => undefined);
    await Promise.race([timeUp, Promise.all(this.workers)]);
    ended.abort();
  }

  private addWorker(): void {
    if (this.workers.size < CONCURRENCY && !this.stopping.signal.aborted) {
      const worker = this.work().finally(() => this.workers.delete(worker));
      this.workers.add(worker);
    }
  }

  private async work(): Promise<void> {
    let found = true;
    while (found && !this.stopping.signal.aborted) {
      found = await this.slots.run(() => this.tryNext());
    }
  }

  private async tryNext(): Promise<boolean> {
    try {
      // The slot may have come free only because everything stops.
      return !this.stopping.signal.aborted && (await this.handler.handleNext(() => this.addWorker()));
    } catch (error) {
      this.logger.error({ event: 'consumer.failed', consumer: this.subscription.consumer, error: String(error) });
      await pause(POLL_MS, undefined, { signal: this.stopping.signal }).catch(() => undefined);
      return false;
    }
  }
}
