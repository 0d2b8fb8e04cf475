import { Logger } from '@nestjs/common';
import type { Channel } from 'amqplib';
import type { BrokerConnection } from './broker-connection';
import type { Declarations } from './topology';

const PRECONDITION_FAILED = 406;
const ACCESS_REFUSED = 403;

const logger = new Logger('broker');

/**
 * Makes sure that everything exists; a repeat changes nothing. What exists with other arguments, as another version of the product
 * has made it, or may not be declared by this user, because an operator looks after it, is used as it is.
 * @throws when something does not exist and cannot be made.
 */
export async function declareTopology(connection: BrokerConnection, declarations: Declarations): Promise<void> {
  const { exchange, queues, bindings } = declarations;
  const declarer = new Declarer(connection);
  try {
    await declarer.run(
      exchange,
      (channel) => channel.assertExchange(exchange, 'topic', { durable: true }),
      (channel) => channel.checkExchange(exchange),
    );
    for (const { name, arguments: args } of queues) {
      await declarer.run(
        name,
        (channel) => channel.assertQueue(name, { durable: true, arguments: args }),
        (channel) => channel.checkQueue(name),
      );
    }
    for (const binding of bindings) {
      await declarer.run(`${binding.queue} ← ${binding.pattern}`, (channel) =>
        channel.bindQueue(binding.queue, binding.exchange, binding.pattern),
      );
    }
  } finally {
    await declarer.close();
  }
}

/** A refused declaration costs its channel, so the next one gets another. */
class Declarer {
  private channel: Channel | undefined;

  constructor(private readonly connection: BrokerConnection) {}

  async run(
    name: string,
    declare: (channel: Channel) => Promise<unknown>,
    check?: (channel: Channel) => Promise<unknown>,
  ): Promise<void> {
    try {
      await declare(await this.open());
    } catch (error) {
      this.channel = undefined;
      const { code } = error as { readonly code?: number };
      if (code !== PRECONDITION_FAILED && code !== ACCESS_REFUSED) {
        throw error;
      }
      logger.warn({ event: 'broker.used_as_it_is', name, error: (error as Error).message });
      await check?.(await this.open());
    }
  }

  async close(): Promise<void> {
    await this.channel?.close().catch(() => undefined);
  }

  private async open(): Promise<Channel> {
    this.channel ??= await this.connection.openChannel();
    return this.channel;
  }
}
