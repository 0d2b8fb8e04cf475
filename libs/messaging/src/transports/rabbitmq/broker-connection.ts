import { Logger } from '@nestjs/common';
import { connect } from 'amqplib';
import type { Channel, ConfirmChannel, RecoveringChannelModel } from 'amqplib';
import { BrokerRefusalError, BrokerUnavailableError } from './broker.errors';

/** Seconds: a peer that is silent for two of them is gone. */
const HEARTBEAT_SECONDS = 10;

const CONNECT_TIMEOUT_MS = 10_000;

const RECOVERY = { initialDelay: 200, maxDelay: 10_000, maxRetries: Infinity, waitForConnect: false };

/** How long closing may wait for a broker that does not answer. */
const CLOSE_TIMEOUT_MS = 2_000;

/** What a connection is for: a broker that blocks those that publish must not stop acknowledgements. */
export type ConnectionPurpose = 'publish' | 'consume';

/** Whether events can go: a blocked connection is one whose broker takes nothing for lack of memory or disk. */
export type ConnectionState = 'away' | 'open' | 'blocked';

/**
 * One connection, kept up: what is lost is opened again with growing pauses, for ever. Channels are not kept: whoever has one
 * listens for its end and opens another.
 */
export class BrokerConnection {
  private readonly logger = new Logger('broker');
  private readonly model: Promise<RecoveringChannelModel>;
  private current: ConnectionState = 'away';
  private refusal: BrokerRefusalError | undefined;
  private noteFirst: () => void = () => undefined;
  /** Resolves when the first attempt to connect has succeeded or failed. */
  private readonly first = new Promise<void>((resolve) => {
    this.noteFirst = resolve;
  });

  constructor(
    url: string,
    private readonly purpose: ConnectionPurpose,
  ) {
    this.model = this.open(url);
  }

  get state(): ConnectionState {
    return this.current;
  }

  /**
   * Whether there is a connection; the first attempt to make one is waited for.
   * @throws {BrokerRefusalError} when the broker is there, but does not let us in.
   */
  async reach(): Promise<boolean> {
    await this.first;
    if (this.current === 'away' && this.refusal) {
      throw this.refusal;
    }
    return this.current !== 'away';
  }

  /** Opens a channel; waits for the connection when it is away. @throws once the connection is closed. */
  async openChannel(): Promise<Channel> {
    return this.watch(await (await this.model).createChannel());
  }

  /** Opens a channel whose publishes are confirmed. @throws {BrokerUnavailableError} when the connection is away or blocked. */
  async openConfirmChannel(): Promise<ConfirmChannel> {
    this.assertTakes();
    return this.watch(await (await this.model).createConfirmChannel());
  }

  /** @throws {BrokerUnavailableError} unless the broker takes messages. */
  assertTakes(): void {
    if (this.current !== 'open') {
      throw new BrokerUnavailableError(
        this.current === 'blocked'
          ? 'RabbitMQ takes no messages: it is short of memory or disk. Events wait in the database.'
          : 'RabbitMQ is not reachable. Events wait in the database.',
      );
    }
  }

  /** Close the channels before: what they have sent may be lost otherwise. */
  async close(): Promise<void> {
    await within(CLOSE_TIMEOUT_MS, (await this.model).close());
    this.current = 'away';
    this.noteFirst();
  }

  private async open(url: string): Promise<RecoveringChannelModel> {
    const model = await connect(withHeartbeat(url), {
      noDelay: true,
      timeout: CONNECT_TIMEOUT_MS,
      clientProperties: { connection_name: `helpdesk ${this.purpose}` },
      recovery: RECOVERY,
    });
    model.on('connect', () => this.enter('open', 'broker.connected'));
    model.on('disconnect', (error) => this.enter('away', 'broker.disconnected', String(error)));
    model.on('blocked', (reason) => this.enter('blocked', 'broker.blocked', reason));
    model.on('unblocked', () => this.enter('open', 'broker.unblocked'));
    model.on('connect-failed', (error) => this.noteFailure(error));
    // Every error is followed by 'disconnect', which says it.
    model.on('error', () => undefined);
    return model;
  }

  private enter(state: ConnectionState, event: string, reason?: string): void {
    this.current = state;
    const line = { event, purpose: this.purpose, ...(reason !== undefined && { reason }) };
    if (state === 'open') {
      this.logger.log(line);
      this.refusal = undefined;
      this.noteFirst();
    } else {
      this.logger.warn(line);
    }
  }

  private noteFailure(error: Error): void {
    this.logger.warn({ event: 'broker.connect_failed', purpose: this.purpose, error: error.message });
    this.refusal = BrokerRefusalError.isRefusal(error) ? new BrokerRefusalError(error) : undefined;
    this.noteFirst();
  }

  /** An error without a listener would end the process; the channel's end, which follows, is what its owner reacts to. */
  private watch<Kind extends Channel>(channel: Kind): Kind {
    channel.on('error', (error) =>
      this.logger.warn({ event: 'broker.channel_failed', purpose: this.purpose, error: error.message }),
    );
    return channel;
  }
}

/** Ends with `work`, or without it when time is up; a failure counts as an end. */
export async function within(timeoutMs: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, timeoutMs);
  });
  await Promise.race([work.catch(() => undefined), limit]);
  clearTimeout(timer);
}

function withHeartbeat(url: string): string {
  const address = new URL(url);
  if (!address.searchParams.has('heartbeat')) {
    address.searchParams.set('heartbeat', String(HEARTBEAT_SECONDS));
  }
  return address.toString();
}
