import { connect } from 'amqplib';
import type { Channel, ChannelModel } from 'amqplib';
import { PrivateBroker } from '../../scripts/testing/private-broker.mjs';
import { helpdesk } from '../e2e/running/helpdesk';
import type { Json, Result } from '../e2e/running/helpdesk';
import { startTestService } from './test-service';
import type { TestService } from './test-service';

/** An installation on a broker of its own, whose users it may make. */
export interface ForeignStage {
  readonly broker: PrivateBroker;
  readonly service: TestService;
  /** Of the command line. */
  readonly environment: Readonly<Record<string, string>>;
  run(...args: readonly string[]): Promise<Result>;
  /** Runs a command that must succeed, and reads its JSON. */
  json(...args: readonly string[]): Promise<Json>;
  close(): Promise<void>;
}

/** Starts a broker with its management API, and the product on it. */
export async function openForeignStage(): Promise<ForeignStage> {
  const broker = await PrivateBroker.start({ management: true });
  try {
    const events = { EVENT_TRANSPORT: 'rabbitmq', RABBITMQ_URL: broker.url };
    const service = await startTestService({ env: events });
    const environment = {
      ...events,
      DATABASE_URL: service.db.url,
      KEY_PEPPER: 'the pepper of every test',
      RABBITMQ_MANAGEMENT_URL: String(broker.managementUrl),
    };
    const run: ForeignStage['run'] = (...args) => helpdesk(environment, args);
    return {
      broker,
      service,
      environment,
      run,
      async json(...args) {
        const result = await run(...args, '--json');
        expect(result).toEqual({ exit: 0, out: expect.stringMatching(/^\{.*\}\n$/), err: '' });
        return JSON.parse(result.out) as Json;
      },
      async close() {
        await service.close();
        await broker.stop();
      },
    };
  } catch (error) {
    await broker.stop();
    throw error;
  }
}

/** A connection of somebody to whom the broker may refuse anything. */
export class ForeignConnection {
  /** When the connection has ended, whoever has ended it. */
  readonly ended: Promise<void>;
  private isOpen = true;

  private constructor(private readonly connection: ChannelModel) {
    connection.on('error', () => undefined);
    this.ended = new Promise((resolve) => {
      connection.once('close', () => {
        this.isOpen = false;
        resolve();
      });
    });
  }

  static async open(url: unknown): Promise<ForeignConnection> {
    return new ForeignConnection(await connect(String(url), { timeout: 10_000 }));
  }

  openChannel(): Promise<Channel> {
    return this.connection.createChannel();
  }

  /** Does something on a channel of its own; answers `ok`, or the code by which the broker refuses it. */
  async attempt(work: (channel: Channel) => Promise<unknown>): Promise<'ok' | number> {
    const channel = await this.openChannel();
    const refusal = new Promise<number>((resolve) => {
      channel.on('error', ({ code }: { readonly code: number }) => resolve(code));
    });
    const done = work(channel).then(
      () => 'ok' as const,
      () => refusal,
    );
    const outcome = await Promise.race([done, refusal]);
    if (outcome === 'ok') {
      await channel.close();
    }
    return outcome;
  }

  async close(): Promise<void> {
    if (this.isOpen) {
      await this.connection.close();
    }
  }
}
