import { setTimeout as pause } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { ConsumeMessage } from 'amqplib';
import type { BrokerConnection } from './broker-connection';
import { within } from './broker-connection';
import { ConsumerSession } from './consumer-session';
import type { DeliveryHandler, Handled } from './delivery-handler';
import { KeyedExecutor } from './keyed-executor';
import { readMessage } from './messages';

/** What a consumer needs of the broker. */
export interface QueueSource {
  readonly queue: string;
  readonly connection: BrokerConnection;
  /** Makes sure that the queue exists. */
  readonly declare: () => Promise<void>;
}

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

const VOID: Handled = { isDone: false, isFreeing: false };

/** How long a stop waits for handlers: below the time that a process is given to stop. */
const DRAIN_TIMEOUT_MS = 20_000;

/**
 * One consumer's work in this process: session after session, for as long as the process runs. Of all processes that consume from
 * the queue, the broker lets one be active. The order of an aggregate's events holds across sessions, for they share one executor.
 */
export class QueueConsumer {
  private readonly logger = new Logger('event-path');
  private readonly executor = new KeyedExecutor();
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
    private readonly stopping: AbortSignal,
  ) {}

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
    this.executor.add(event ? `${event.projectid} ${event.subject}` : eventId, async () => {
      // When the channel is lost the broker gives its messages to another one; this copy is void.
      const { isDone, isFreeing } = session.isLive ? await this.handler.handle(message) : VOID;
      session.settle(source, isDone);
      if (isFreeing) {
        await this.handler.goOn(message);
      }
    });
  }

  private log(event: string, reason: string): void {
    this.logger[event === 'consumer.stopped' ? 'log' : 'warn']({ event, queue: this.source.queue, reason });
  }
}
