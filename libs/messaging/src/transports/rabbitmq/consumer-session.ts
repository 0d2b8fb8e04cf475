import { Logger } from '@nestjs/common';
import type { Channel, ConsumeMessage } from 'amqplib';
import { within } from './broker-connection';
import { PREFETCH } from './topology';

/** How long the broker may take to answer before a session is given up. */
const ANSWER_TIMEOUT_MS = 2_000;

/** How often a stop asks whether more deliveries are on their way. */
const MAX_LOOKS = 20;

/** Takes a message and settles it with the session in its own time. Does not throw. */
export type Receive = (message: ConsumeMessage, session: ConsumerSession) => void;

/**
 * One consumer on one channel, until either of them is lost. Messages are acknowledged on the channel that brought them or not at
 * all: the broker delivers them again, on the next one.
 */
export class ConsumerSession {
  private readonly logger = new Logger('broker');
  private isOpen = true;
  private isLost = false;
  private tag: string | undefined;
  private inHand = 0;
  /** Messages that are not acknowledged yet, in the order in which they came; true when they are done with. */
  private readonly unacknowledged = new Map<ConsumeMessage, boolean>();
  private isHoldingBack = false;
  private isAboutToAcknowledge = false;
  private finish: (reason: string) => void = () => undefined;
  /** Resolves with the reason when no more messages come. */
  readonly ended = new Promise<string>((resolve) => {
    this.finish = resolve;
  });

  private constructor(
    private readonly channel: Channel,
    private readonly queue: string,
  ) {
    channel.on('close', () => {
      this.isOpen = false;
      this.finish('the channel was closed');
    });
  }

  /** Begins to consume. */
  static async begin(channel: Channel, queue: string, receive: Receive): Promise<ConsumerSession> {
    const session = new ConsumerSession(channel, queue);
    await channel.prefetch(PREFETCH.count, PREFETCH.global);
    const { consumerTag } = await channel.consume(queue, (message) => {
      if (message) {
        session.inHand++;
        session.unacknowledged.set(message, false);
        receive(message, session);
      } else {
        session.lose();
      }
    });
    session.tag = consumerTag;
    return session;
  }

  /** False once its messages are no longer ours. */
  get isLive(): boolean {
    return this.isOpen;
  }

  /** Ends the work on a message: acknowledged, or left to be delivered again. */
  settle(message: ConsumeMessage, isDone: boolean): void {
    this.inHand--;
    if (isDone) {
      this.unacknowledged.set(message, true);
      this.acknowledgeSoon();
    }
    this.closeWhenLost();
  }

  /**
   * Messages that wait in the queue or are in hand. Never too few: deliveries that are on their way when the broker counts have
   * arrived with its second answer.
   */
  async depth(): Promise<number> {
    const { messageCount } = await this.channel.checkQueue(this.queue);
    await this.channel.checkQueue(this.queue);
    return messageCount + this.inHand;
  }

  /** Asks for no more messages; those in hand may still be acknowledged. */
  async cancel(): Promise<void> {
    if (this.isOpen && this.tag !== undefined) {
      await within(ANSWER_TIMEOUT_MS, this.endConsumer(this.tag));
      this.isHoldingBack = false;
      this.acknowledge();
    }
    this.finish('the process stops');
  }

  /** Closes the channel, after which everything that was sent on it has arrived. */
  async close(): Promise<void> {
    if (this.isOpen) {
      this.acknowledge();
      this.isOpen = false;
      await within(ANSWER_TIMEOUT_MS, this.channel.close());
    }
  }

  /**
   * Each acknowledgement asks the broker for one more message, and one that is on its way when the consumer ends goes back to the
   * queue as delivered again. So nothing is acknowledged until as much is in hand as may be, or there is no more; only then does the
   * consumer end.
   */
  private async endConsumer(tag: string): Promise<void> {
    this.isHoldingBack = true;
    for (let look = 0; look < MAX_LOOKS && this.unacknowledged.size < PREFETCH.count; look++) {
      if ((await this.channel.checkQueue(this.queue)).messageCount === 0) {
        break;
      }
    }
    await this.channel.cancel(tag);
  }

  /** What is done with in one turn of the event loop shares its acknowledgements. */
  private acknowledgeSoon(): void {
    if (this.isAboutToAcknowledge) {
      return;
    }
    this.isAboutToAcknowledge = true;
    setImmediate(() => {
      this.isAboutToAcknowledge = false;
      if (!this.isHoldingBack) {
        this.acknowledge();
      }
    });
  }

  /** One acknowledgement stands for all messages that came before the first one that is not done with; others have their own. */
  private acknowledge(): void {
    let isWithoutGap = true;
    let last: ConsumeMessage | undefined;
    const others: ConsumeMessage[] = [];
    for (const [message, isDone] of this.unacknowledged) {
      isWithoutGap &&= isDone;
      if (isWithoutGap) {
        last = message;
      } else if (isDone) {
        others.push(message);
      }
      if (isDone) {
        this.unacknowledged.delete(message);
      }
    }
    if (last) {
      this.send(last, true);
    }
    others.forEach((message) => this.send(message, false));
  }

  private send(message: ConsumeMessage, isForAllBefore: boolean): void {
    if (!this.isOpen) {
      return;
    }
    try {
      this.channel.ack(message, isForAllBefore);
    } catch (error) {
      this.logger.warn({ event: 'broker.ack_failed', queue: this.queue, error: String(error) });
    }
  }

  /** The broker has ended the consumer: its queue was deleted or has moved. */
  private lose(): void {
    this.tag = undefined;
    this.isLost = true;
    this.finish('the broker has ended the consumer');
    this.closeWhenLost();
  }

  private closeWhenLost(): void {
    if (this.isLost && this.inHand === 0) {
      void this.close();
    }
  }
}
