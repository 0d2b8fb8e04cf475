import type { ConfirmChannel, Options } from 'amqplib';
import { BrokerUnavailableError } from './broker.errors';
import type { BrokerConnection } from './broker-connection';

/** A message and where it goes. */
export interface OutgoingMessage {
  /** '' for the exchange that knows every queue by its name. */
  readonly exchange: string;
  readonly routingKey: string;
  readonly content: Buffer;
  readonly properties: Options.Publish & { readonly messageId: string };
}

/** The broker's word on one message: it is safe in every queue that wants it, or there is no such queue. */
export type Receipt = 'safe' | 'unroutable';

/** How amqplib says that the broker refused a message. */
const NACKED = 'message nacked';

/** How long a batch may take at most: the relay's transaction is open meanwhile. */
const CONFIRM_TIMEOUT_MS = 10_000;

interface PublishChannel {
  readonly confirm: ConfirmChannel;
  /** Messages that came back on it, until their confirmation, which follows, has been read. */
  readonly returned: Set<string>;
}

/**
 * Publishes and waits for the broker's word. The channel is opened when it is first needed and after each trouble, and what the
 * messages need is declared before.
 */
export class ConfirmedPublisher {
  private channel: PublishChannel | undefined;
  private opening: Promise<PublishChannel> | undefined;
  private readonly unconfirmed = new Set<Promise<readonly Receipt[]>>();

  constructor(
    private readonly connection: BrokerConnection,
    private readonly declare: () => Promise<void>,
  ) {}

  /**
   * Publishes all, then waits for all, `limitMs` at most.
   * @returns a receipt for each message.
   * @throws {BrokerUnavailableError} when one of them was refused or not confirmed in time, or when the connection is away, blocked
   *   or lost: then each of them may be safe or not.
   */
  async publish(messages: readonly OutgoingMessage[], limitMs = CONFIRM_TIMEOUT_MS): Promise<readonly Receipt[]> {
    this.connection.assertTakes();
    const end = performance.now() + limitMs;
    const channel = await inTime(this.open(), end);
    try {
      const receipts = await inTime(this.sendAll(channel, messages), end);
      if (receipts.includes('unroutable')) {
        this.drop(channel);
      }
      return receipts;
    } catch (error) {
      this.drop(channel);
      throw error;
    }
  }

  /** Waits for what has been published, then closes the channel. */
  async close(): Promise<void> {
    await Promise.allSettled(this.unconfirmed);
    const { channel } = this;
    this.channel = undefined;
    await channel?.confirm.close().catch(() => undefined);
  }

  private async open(): Promise<PublishChannel> {
    if (this.channel) {
      return this.channel;
    }
    this.opening ??= this.openNew().finally(() => {
      this.opening = undefined;
    });
    try {
      return await this.opening;
    } catch (error) {
      throw new BrokerUnavailableError(`RabbitMQ gives no channel to publish on: ${messageOf(error)}`);
    }
  }

  private async openNew(): Promise<PublishChannel> {
    await this.declare();
    const confirm = await this.connection.openConfirmChannel();
    const channel = { confirm, returned: new Set<string>() };
    confirm.on('return', ({ fields, properties }) => channel.returned.add(keyOf(fields, properties.messageId)));
    confirm.on('close', () => this.forget(channel));
    this.channel = channel;
    return channel;
  }

  /** One promise for all of them: some for each message cost as much as the message does. */
  private async sendAll(
    { confirm, returned }: PublishChannel,
    messages: readonly OutgoingMessage[],
  ): Promise<readonly Receipt[]> {
    if (messages.length === 0) {
      return [];
    }
    const batch = new Promise<readonly Receipt[]>((resolve, reject) => {
      const receipts = Array<Receipt>(messages.length).fill('safe');
      let left = messages.length;
      for (const [index, message] of messages.entries()) {
        const { exchange, routingKey, content, properties } = message;
        const options = { ...properties, mandatory: true, persistent: true };
        confirm.publish(exchange, routingKey, content, options, (error: unknown) => {
          if (returned.size > 0 && returned.delete(keyOf(message, properties.messageId))) {
            receipts[index] = 'unroutable';
          }
          if (error) {
            reject(error);
          }
          left--;
          if (left === 0) {
            resolve(receipts);
          }
        });
      }
    });
    this.unconfirmed.add(batch);
    try {
      return await batch;
    } catch (error) {
      const failure = messageOf(error) === NACKED ? 'nacked' : 'unavailable';
      throw new BrokerUnavailableError(`RabbitMQ did not take a message: ${messageOf(error)}`, failure);
    } finally {
      this.unconfirmed.delete(batch);
    }
  }

  /** A channel in trouble is replaced. A blocked broker does not answer the close, so nobody waits for it. */
  private drop(channel: PublishChannel): void {
    this.forget(channel);
    channel.confirm.close().catch(() => undefined);
  }

  private forget(channel: PublishChannel): void {
    if (this.channel === channel) {
      this.channel = undefined;
    }
  }
}

/** A message of one id may be under way to several places. */
function keyOf({ exchange, routingKey }: Pick<OutgoingMessage, 'exchange' | 'routingKey'>, messageId: string): string {
  return `${exchange} ${routingKey} ${messageId}`;
}

/** @throws {BrokerUnavailableError} when `work` takes longer than until `end`, a time of `performance.now()`. */
async function inTime<T>(work: Promise<T>, end: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    const refuse = () => reject(new BrokerUnavailableError('RabbitMQ did not answer in time.'));
    timer = setTimeout(refuse, Math.max(0, end - performance.now()));
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
