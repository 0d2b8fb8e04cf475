import { connect } from 'amqplib';
import type { ChannelModel, ConfirmChannel } from 'amqplib';
import { TicketUpdated } from '#contracts';
import { Topology } from '../../libs/messaging/src/transports/rabbitmq/topology';
import { Latencies } from '../loader/latencies';
import type { Measurement } from '../loader/latencies';
import { openLoop } from '../loader/loops';
import { CONSUMER } from './events';
import type { BenchEvent } from './events';

const CONFIRM_EACH = 100;
const PREFETCH = 50;

/** The same work without the product: amqplib alone, with queues of the same kind, of which everything has a prefix. */
export class BareBroker {
  readonly topology: Topology;

  private constructor(
    private readonly connection: ChannelModel,
    private readonly channel: ConfirmChannel,
    prefix: string,
  ) {
    this.topology = new Topology([], prefix);
  }

  /** Connects, and makes a queue, and an exchange that hands on to that queue and to a stream, as the product has them. */
  static async open(url: string, prefix: string): Promise<BareBroker> {
    const connection = await connect(url, { noDelay: true });
    const broker = new BareBroker(connection, await connection.createConfirmChannel(), prefix);
    await broker.declare();
    return broker;
  }

  /** Publishes all, confirmed in hundreds: into the one queue, or through the exchange into queue and stream. */
  async publish(events: readonly BenchEvent[], way: 'queue' | 'exchange'): Promise<void> {
    for (let from = 0; from < events.length; from += CONFIRM_EACH) {
      for (const event of events.slice(from, from + CONFIRM_EACH)) {
        this.send(event, way);
      }
      await this.channel.waitForConfirms();
    }
  }

  /** Takes `count` messages out of the queue, each acknowledged by itself; answers how many milliseconds that took. */
  async consume(count: number): Promise<number> {
    const begin = performance.now();
    let left = count;
    await this.consumeWith((done) => {
      left--;
      if (left === 0) {
        done();
      }
    });
    return performance.now() - begin;
  }

  /** From the publishing to the arrival, at a fixed rate. */
  async latency(events: readonly BenchEvent[], rate: number): Promise<Measurement> {
    const latencies = new Latencies();
    const sentAt = new Map<string, number>();
    let [next, left] = [0, events.length];
    const arrived = this.consumeWith((done, content) => {
      const { id } = JSON.parse(content) as { readonly id: string };
      latencies.add(performance.now() - (sentAt.get(id) ?? Number.NaN), true);
      left--;
      if (left === 0) {
        done();
      }
    });
    const publish = async (): Promise<boolean> => {
      const event = events[next++];
      if (event) {
        sentAt.set(event.eventId, performance.now());
        this.send(event, 'queue');
      }
      return true;
    };
    const seconds = events.length / rate;
    await openLoop([publish], { rate, seconds });
    await arrived;
    return latencies.summarise(seconds);
  }

  /** Empties the queue of the benchmark's consumer. */
  async purge(topology: Topology): Promise<void> {
    await this.channel.purgeQueue(topology.queuesOf(CONSUMER).queue);
  }

  /** Deletes what this and the `others` have on the broker, and closes. */
  async close(others: readonly Topology[]): Promise<void> {
    for (const topology of [this.topology, ...others]) {
      const { queue, rungs, dead } = topology.queuesOf(CONSUMER);
      for (const name of [...rungs.map((rung) => rung.queue), queue, dead, topology.log]) {
        await this.channel.deleteQueue(name);
      }
      await this.channel.deleteExchange(topology.exchange);
    }
    await this.channel.close();
    await this.connection.close();
  }

  private get queue(): string {
    return this.topology.queuesOf(CONSUMER).queue;
  }

  private async declare(): Promise<void> {
    const subscription = { consumer: CONSUMER, events: [TicketUpdated], handle: async () => undefined };
    const { exchange, queues, bindings } = this.topology.declarations([subscription]);
    await this.channel.assertExchange(exchange, 'topic', { durable: true });
    for (const { name, arguments: args } of queues) {
      await this.channel.assertQueue(name, { durable: true, arguments: args });
    }
    for (const { queue, pattern } of bindings) {
      await this.channel.bindQueue(queue, exchange, pattern);
    }
  }

  private send({ body, eventId, projectId }: BenchEvent, way: 'queue' | 'exchange'): void {
    const options = { persistent: true, mandatory: true, messageId: eventId };
    const [exchange, key] =
      way === 'queue' ? ['', this.queue] : [this.topology.exchange, Topology.routingKey(TicketUpdated.type, projectId)];
    this.channel.publish(exchange, key, Buffer.from(body), options);
  }

  private async consumeWith(receive: (done: () => void, content: string) => void): Promise<void> {
    const channel = await this.connection.createChannel();
    await channel.prefetch(PREFETCH);
    await new Promise<void>((resolve) => {
      void channel.consume(this.queue, (message) => {
        if (message) {
          receive(resolve, message.content.toString());
          channel.ack(message);
        }
      });
    });
    await channel.close();
  }
}
