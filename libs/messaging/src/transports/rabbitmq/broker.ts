import { setTimeout as pause } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { OnModuleDestroy } from '@nestjs/common';
import type { Channel } from 'amqplib';
import type { Subscription } from '../subscription';
import { BrokerUnavailableError, MissingTopologyError } from './broker.errors';
import { BrokerConnection } from './broker-connection';
import { ConfirmedPublisher } from './confirmed-publisher';
import { declareTopology } from './declare-topology';
import { topologyLines } from './topology';
import type { Topology } from './topology';

/** Where the broker is and what the product has on it. */
export interface BrokerOptions {
  /** `amqp://user:password@host:port/vhost`, `amqps://…` with TLS. */
  readonly url: string;
  readonly topology: Topology;
}

const NOT_FOUND = 404;

/** Less than those who ask for metrics wait (Prometheus: 10 s), and than heartbeats need to find out that a broker is silent. */
const ANSWER_TIMEOUT_MS = 3_000;

/**
 * This process's part in the broker: one connection for publishing and one for everything else, made when they are first needed.
 * Relayed events and messages that move to another queue have channels of their own, so that trouble of one kind stays there.
 */
export class Broker implements OnModuleDestroy {
  private readonly logger = new Logger('broker');
  private subscriptions: readonly Subscription[] = [];
  private open: OpenBroker | undefined;
  private isClosed = false;

  constructor(private readonly options: BrokerOptions) {}

  get topology(): Topology {
    return this.options.topology;
  }

  /** Publishes relayed events. */
  get events(): ConfirmedPublisher {
    return this.connections.events;
  }

  /** Publishes messages that move from one queue to another. */
  get moves(): ConfirmedPublisher {
    return this.connections.moves;
  }

  /** The connection for consuming and asking. */
  get consuming(): BrokerConnection {
    return this.connections.consuming;
  }

  /**
   * Connects, and makes sure that what these consumers need exists: now, and again after each reconnect.
   * @returns false when the broker is not reachable; the connections are made as soon as it is.
   * @throws {BrokerRefusalError} when the broker does not let us in, {MissingTopologyError} when it lets us make nothing.
   */
  async start(subscriptions: readonly Subscription[]): Promise<boolean> {
    this.subscriptions = subscriptions;
    for (const line of topologyLines(this.topology.declarations(subscriptions))) {
      this.logger.log(line);
    }
    return (await this.reach()) && this.tryDeclare();
  }

  /**
   * Whether the broker can be asked now. The first call connects, and waits until that has succeeded or failed.
   * @throws {BrokerRefusalError} when the broker does not let us in.
   */
  async reach(): Promise<boolean> {
    if (this.isClosed) {
      return false;
    }
    const { publishing, consuming } = this.connections;
    return (await Promise.all([publishing.reach(), consuming.reach()])).every(Boolean);
  }

  /**
   * What the broker answers to `question`; undefined while it is away, when it is lost meanwhile, or when it does not answer soon.
   * @throws {BrokerRefusalError} when it does not let us in, and its own error when it refuses the question.
   */
  async ask<T>(question: () => Promise<T>): Promise<T | undefined> {
    if (!(await this.reach())) {
      return undefined;
    }
    const answer = question().catch((error: unknown) => {
      // Without a code of AMQP it is not the broker who says it.
      if (typeof (error as { readonly code?: unknown }).code === 'number') {
        throw error;
      }
      return undefined;
    });
    const answered = new AbortController();
    const silence = pause(ANSWER_TIMEOUT_MS, undefined, { signal: answered.signal }).catch(() => undefined);
    try {
      return await Promise.race([answer, silence]);
    } finally {
      answered.abort();
    }
  }

  /** Makes sure that everything that this process needs exists. @throws {MissingTopologyError} when it cannot be made. */
  async declare(): Promise<void> {
    await declareTopology(this.consuming, this.topology.declarations(this.subscriptions));
  }

  /** False when the broker is lost meanwhile. */
  private async tryDeclare(): Promise<boolean> {
    try {
      await this.declare();
      return true;
    } catch (error) {
      if (error instanceof MissingTopologyError) {
        throw error;
      }
      return false;
    }
  }

  /** Runs `work` on a channel of its own. */
  async onChannel<T>(work: (channel: Channel) => Promise<T>): Promise<T> {
    const channel = await this.consuming.openChannel();
    try {
      return await work(channel);
    } finally {
      await channel.close().catch(() => undefined);
    }
  }

  /** Messages that are ready in a queue; 0 for a queue that does not exist. */
  async count(queue: string): Promise<number> {
    try {
      return (await this.onChannel((channel) => channel.checkQueue(queue))).messageCount;
    } catch (error) {
      if ((error as { readonly code?: number }).code === NOT_FOUND) {
        return 0;
      }
      throw error;
    }
  }

  /** Waits for what was published, then closes both connections, for good. */
  async close(): Promise<void> {
    const { open } = this;
    this.open = undefined;
    this.isClosed = true;
    if (open) {
      await Promise.all([open.events.close(), open.moves.close()]);
      await Promise.all([open.publishing.close(), open.consuming.close()]);
    }
  }

  async onModuleDestroy(): Promise<void> {
    await this.close();
  }

  private get connections(): OpenBroker {
    if (this.isClosed) {
      throw new BrokerUnavailableError('The connections to RabbitMQ are closed: the process stops.');
    }
    this.open ??= this.connect();
    return this.open;
  }

  private connect(): OpenBroker {
    const publishing = new BrokerConnection(this.options.url, 'publish');
    const consuming = new BrokerConnection(this.options.url, 'consume');
    const declare = () => this.declare();
    return {
      publishing,
      consuming,
      events: new ConfirmedPublisher(publishing, declare),
      moves: new ConfirmedPublisher(publishing, declare),
    };
  }
}

interface OpenBroker {
  readonly publishing: BrokerConnection;
  readonly consuming: BrokerConnection;
  readonly events: ConfirmedPublisher;
  readonly moves: ConfirmedPublisher;
}
