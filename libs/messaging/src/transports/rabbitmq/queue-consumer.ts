import { setTimeout as pause } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { ConsumeMessage } from 'amqplib';
import type { BrokerConnection } from './broker-connection';
import { within } from './broker-connection';
import { ConsumerSession } from './consumer-session';
import type { Slots } from '../../consumers/slots';
import { BatchExecutor } from './batch-executor';
import type { Begun, DeliveryHandler } from './delivery-handler';
import { readMessage } from './messages';
import type { IncomingMessage } from './messages';

/** What a consumer needs of the broker. */
export interface QueueSource {
  readonly queue: string;
  readonly connection: BrokerConnection;
  /** Makes sure that the queue exists. */
  readonly declare: () => Promise<void>;
}

/** A message and where it came from. */
interface Arrival {
  readonly key: string;
  readonly message: IncomingMessage;
  readonly source: ConsumeMessage;
  readonly session: ConsumerSession;
}

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

/** How long a stop waits for handlers: below the time that a process is given to stop. */
const DRAIN_TIMEOUT_MS = 20_000;

/**
 * One consumer's work in this process: session after session, for as long as the process runs. Of all processes that consume from
 * the queue, the broker lets one be active. The order of an aggregate's events holds across sessions, for they share one executor.
 */
export class QueueConsumer {
  private readonly logger = new Logger('event-path');
  private readonly executor: BatchExecutor<Arrival>;
  private session: ConsumerSession | undefined;
  private running: Promise<void> | undefined;
  private noteBegun: () => void = () => undefined;
  /** Resolves when messages come for the first time. */
  readonly begun = new Promise<void>((resolve) => {
    this.noteBegun = resolve;
  });

  constructor(
    private readonly source: QueueSource,
    private readonly handler: DeliveryHandler,
    slots: Slots,
    private readonly stopping: AbortSignal,
  ) {
    this.executor = new BatchExecutor(slots, {
      size: () => handler.batchSize,
      take: (arrivals) => this.take(arrivals),
    });
  }

  start(): void {
    this.running ??= this.run();
  }

  /** Messages that wait in the queue or are in hand; null while the broker cannot be asked. */
  async depth(): Promise<number | null> {
    return this.session?.isLive ? this.session.depth() : null;
  }

  /** Takes no more messages and lets the handlers of those in hand end. Call it when `stopping` is aborted. */
  async drain(): Promise<void> {
    await this.session?.cancel();
    await within(DRAIN_TIMEOUT_MS, this.executor.idle());
  }

  /** Gives the channel back; what is not acknowledged by now is delivered again. */
  async close(): Promise<void> {
    await this.session?.close();
  }

  /** Resolves when {@link start} has come to its end: soon after the connection is closed. */
  async ended(): Promise<void> {
    await this.running;
  }

  private async run(): Promise<void> {
    let pauseMs = FIRST_PAUSE_MS;
    while (!this.stopping.aborted) {
      try {
        const reason = await this.consume();
        pauseMs = FIRST_PAUSE_MS;
        this.log(this.stopping.aborted ? 'consumer.stopped' : 'consumer.lost', reason);
      } catch (error) {
        if (!this.stopping.aborted) {
          this.log('consumer.not_started', String(error));
        }
      }
      await pause(pauseMs, undefined, { signal: this.stopping }).catch(() => undefined);
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    }
  }

  private async consume(): Promise<string> {
    const { queue, connection, declare } = this.source;
    await declare();
    const channel = await connection.openChannel();
    this.session = await ConsumerSession.begin(channel, queue, (message, session) => this.receive(message, session));
    if (this.stopping.aborted) {
      await this.session.cancel();
    }
    this.noteBegun();
    return this.session.ended;
  }

  private receive(source: ConsumeMessage, session: ConsumerSession): void {
    const message = readMessage(source);
    const { event, eventId } = message;
    const key = event ? `${event.projectid} ${event.subject}` : eventId;
    this.executor.add(key, { key, message, source, session });
  }

  private async take(arrivals: readonly Arrival[]): Promise<void> {
    // When the channel is lost the broker gives its messages to another one; these copies are void.
    const live = arrivals.filter(({ session }) => session.isLive);
    for (const arrival of arrivals.filter(({ session }) => !session.isLive)) {
      arrival.session.settle(arrival.source, false);
      this.executor.done(arrival.key);
    }
    const begun = live.length === 0 ? [] : await this.handler.begin(live.map(({ message }) => message));
    for (const [index, arrival] of live.entries()) {
      void this.finish(arrival, begun[index] as Begun);
    }
  }

  private async finish(arrival: Arrival, begun: Begun): Promise<void> {
    const { isDone, isFreeing } = await this.handler.finish(begun);
    arrival.session.settle(arrival.source, isDone);
    if (isFreeing) {
      await this.handler.goOn(arrival.message);
    }
    this.executor.done(arrival.key);
  }

  private log(event: string, reason: string): void {
    this.logger[event === 'consumer.stopped' ? 'log' : 'warn']({ event, queue: this.source.queue, reason });
  }
}
