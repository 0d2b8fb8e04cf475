import { Logger } from '@nestjs/common';
import type { Channel } from 'amqplib';
import { MissingTopologyError } from './broker.errors';
import type { BrokerConnection } from './broker-connection';
import type { Declarations } from './topology';

const PRECONDITION_FAILED = 406;
const ACCESS_REFUSED = 403;
const NOT_FOUND = 404;

const logger = new Logger('broker');

/**
 * Makes sure that everything exists; a repeat changes nothing. What exists with other arguments, as another version of the product
 * has made it, or may not be declared by this user, because an operator looks after it, is used as it is.
 * @throws {MissingTopologyError} when something does not exist and cannot be made.
 */
export async function declareTopology(connection: BrokerConnection, declarations: Declarations): Promise<void> {
  const { exchange, queues, bindings } = declarations;
  const declarer = new Declarer(connection);
  try {
    await declarer.run(exchange, {
      declare: (channel) => channel.assertExchange(exchange, 'topic', { durable: true }),
      check: (channel) => channel.checkExchange(exchange),
    });
    for (const { name, arguments: args } of queues) {
      await declarer.run(name, {
        declare: (channel) => channel.assertQueue(name, { durable: true, arguments: args }),
        check: (channel) => channel.checkQueue(name),
      });
    }
    for (const { queue, pattern } of bindings) {
      await declarer.run(`binding of ${queue} to ${pattern}`, {
        declare: (channel) => channel.bindQueue(queue, exchange, pattern),
      });
    }
  } finally {
    await declarer.close();
  }
}

interface Steps {
  readonly declare: (channel: Channel) => Promise<unknown>;
  /** Whether it is there, however it was made; what cannot be asked for is taken to be. */
  readonly check?: (channel: Channel) => Promise<unknown>;
}

/** A refused declaration costs its channel, so the next one gets another. */
class Declarer {
  private channel: Channel | undefined;

  constructor(private readonly connection: BrokerConnection) {}

  async run(name: string, { declare, check }: Steps): Promise<void> {
    const refusal = await this.attempt(declare, [PRECONDITION_FAILED, ACCESS_REFUSED]);
    if (!refusal) {
      return;
    }
    logger.warn({ event: 'broker.used_as_it_is', name, error: refusal.message });
    if (check && (await this.attempt(check, [NOT_FOUND]))) {
      throw new MissingTopologyError(name, refusal);
    }
  }

  async close(): Promise<void> {
    await this.channel?.close().catch(() => undefined);
  }

  /** Answers a refusal of one of these kinds. */
  private async attempt(step: Steps['declare'], refusals: readonly number[]): Promise<Error | undefined> {
    this.channel ??= await this.connection.openChannel();
    try {
      await step(this.channel);
      return undefined;
    } catch (error) {
      this.channel = undefined;
      if (refusals.includes((error as { readonly code?: number }).code ?? 0)) {
        return error as Error;
      }
      throw error;
    }
  }
}
