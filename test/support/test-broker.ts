import { randomBytes } from 'node:crypto';
import { connect } from 'amqplib';
import type { Channel, ChannelModel, ConfirmChannel } from 'amqplib';
import { Topology } from '../../libs/messaging/src/transports/rabbitmq/topology';

/** A part of the test broker that one test has for itself: everything on it has the prefix. */
export interface TestBroker {
  readonly url: string;
  readonly prefix: string;
  readonly topology: Topology;
  /** For arranging and for looking behind the curtain. */
  readonly channel: ConfirmChannel;
  /** Another channel, which the test closes. */
  openChannel(): Promise<Channel>;
  /** Leaves everything as it is. */
  close(): Promise<void>;
  /** Deletes what an installation with these consumers has on the broker. */
  remove(consumers: readonly string[]): Promise<void>;
}

const LADDER_LENGTH = 5;

/** Where the test broker is: `scripts/test.mjs` says so; without it, the one that listens on localhost. */
export function testBrokerUrl(): string {
  return (
    process.env['HELPDESK_TEST_RABBITMQ_URL'] ?? process.env['RABBITMQ_URL'] ?? 'amqp://guest:guest@127.0.0.1:5672'
  );
}

/** `describe`, unless the run does without a broker and says so by HELPDESK_TEST_BROKER=none. */
export const describeWithBroker = process.env['HELPDESK_TEST_BROKER'] === 'none' ? describe.skip : describe;

/** Which part of which broker. */
export interface TestBrokerOptions {
  readonly ladderLength?: number;
  /** The test broker unless given. */
  readonly url?: string;
  /** A part that there is already; a new one unless given. */
  readonly prefix?: string;
}

/** Opens the test broker. @throws {Error} saying how to get one, when there is none. */
export async function openTestBroker(options: TestBrokerOptions = {}): Promise<TestBroker> {
  const { ladderLength = LADDER_LENGTH, url = testBrokerUrl(), prefix = newPrefix() } = options;
  const connection = await open(url);
  const channel = await connection.createConfirmChannel();
  channel.on('error', () => undefined);
  const topology = new Topology(Array<number>(ladderLength).fill(0), prefix);
  return {
    url,
    prefix,
    topology,
    channel,
    openChannel: () => connection.createChannel(),
    close: () => connection.close(),
    async remove(consumers) {
      const cleaner = await connection.createChannel();
      for (const { queue, rungs, dead } of consumers.map((consumer) => topology.queuesOf(consumer))) {
        for (const name of [...rungs.map((rung) => rung.queue), queue, dead]) {
          await cleaner.deleteQueue(name);
        }
      }
      await cleaner.deleteQueue(topology.log);
      await cleaner.deleteExchange(topology.exchange);
      await cleaner.close();
      await connection.close();
    },
  };
}

/** A name for a part that nobody has. */
export function newPrefix(): string {
  return `test-${process.pid}-${randomBytes(4).toString('hex')}.`;
}

async function open(url: string): Promise<ChannelModel> {
  try {
    const connection = await connect(url, { noDelay: true, timeout: 10_000 });
    connection.on('error', () => undefined);
    return connection;
  } catch (error) {
    throw new Error(
      `These tests need RabbitMQ, and ${new URL(url).host} does not answer (${(error as Error).message}). Start one, name one by HELPDESK_TEST_RABBITMQ_URL, or leave them out: HELPDESK_TEST_BROKER=none.`,
      { cause: error },
    );
  }
}
