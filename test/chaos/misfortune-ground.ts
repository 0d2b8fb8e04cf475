import { setTimeout as pause } from 'node:timers/promises';
import type { Channel } from 'amqplib';
import { PrivateBroker } from '../../scripts/testing/private-broker.mjs';
import { LEDGER_CONSUMERS } from '../support/ledger/ledger-table';
import { assertBuilt } from '../support/processes/built-code';
import { httpCall } from '../support/processes/http-call';
import { inTheEnd } from '../support/processes/patience';
import { ProcessScene } from '../support/processes/process-scene';
import type { ServiceProcess } from '../support/processes/service-process';
import { ChaosProxy } from '../support/servers/chaos-proxy';
import { PrivatePostgres } from '../support/servers/private-postgres';
import type { TestBroker } from '../support/test-broker';
import type { Fate, Misfortune } from './misfortune-plan';

const SLOW_MS = 150;

/** Alarms at any use of memory, and the broker's usual limit. */
const ALARMING = ['set_vm_memory_high_watermark', '0.0001'];
const USUAL = ['set_vm_memory_high_watermark', 'absolute', '512MB'];

/** A process and its own ways to the servers. */
interface Place {
  readonly broker: ChaosProxy;
  readonly database: ChaosProxy;
  process: ServiceProcess;
}

/**
 * Two processes, each with a relay and with both consumers, on servers that are theirs alone, with ways between them that can be as
 * bad as networks are.
 */
export class MisfortuneGround {
  private places: readonly Place[] = [];

  private constructor(
    readonly scene: ProcessScene,
    private readonly broker: PrivateBroker,
    private readonly postgres: PrivatePostgres,
  ) {}

  static async open(): Promise<MisfortuneGround> {
    await assertBuilt();
    const [broker, postgres] = await Promise.all([PrivateBroker.start(), PrivatePostgres.start()]);
    const options = { transport: 'rabbitmq', databaseServer: postgres.url, brokerUrl: broker.url } as const;
    const ground = new MisfortuneGround(await ProcessScene.open(options), broker, postgres);
    ground.places = await Promise.all([ground.openPlace(), ground.openPlace()]);
    return ground;
  }

  get processes(): readonly ServiceProcess[] {
    return this.places.map(({ process }) => process);
  }

  /** Lets a misfortune happen, and ends it, where it has an end. */
  async strike({ target, fate, place: index, lastingMs }: Misfortune): Promise<void> {
    const place = this.places[index] as Place;
    switch (target) {
      case 'processes':
        return this.strikeProcess(fate, place, lastingMs);
      case 'broker':
        return this.strikeBroker(fate, LEDGER_CONSUMERS[index], lastingMs);
      case 'postgres':
        return this.strikePostgres(fate, lastingMs);
      default:
        return strikeWay(fate, target === 'way to the broker' ? place.broker : place.database, lastingMs);
    }
  }

  /**
   * A start gives up when it loses the database, for whoever starts processes tries again.
   * @throws {Error} with its last words when a process that has served ended by itself.
   */
  async reviveFailedStarts(): Promise<void> {
    for (const place of this.places) {
      if (!place.process.isRunning) {
        if (place.process.hasServed) {
          throw new Error(`A process ended by itself.\n${place.process.lastWords()}`);
        }
        await this.replace(place);
      }
    }
  }

  /** Waits until both processes say that they can serve. */
  async isWell(): Promise<void> {
    await inTheEnd(async () => {
      await this.reviveFailedStarts();
      for (const { opsUrl } of this.processes) {
        const { status, body } = await httpCall({ url: opsUrl, method: 'GET', path: '/readyz' });
        if (status !== 200) {
          throw new Error(`A process is not ready: ${String(body)}`);
        }
      }
    });
  }

  /** Ends everything, whatever state it is in. */
  async close(): Promise<void> {
    this.broker.resume();
    this.postgres.resume();
    await this.scene.close().catch(() => undefined);
    await Promise.all(this.places.flatMap(({ broker, database }) => [broker.close(), database.close()]));
    await Promise.all([this.broker.stop(), this.postgres.stop()]);
  }

  private async openPlace(): Promise<Place> {
    const [broker, database] = [await ChaosProxy.open(this.broker.url), await ChaosProxy.open(this.scene.db.url)];
    const process = await this.scene.start({ brokerUrl: broker.url, databaseUrl: database.url });
    return { broker, database, process };
  }

  private async replace(place: Place): Promise<void> {
    await place.process.kill();
    place.process = await this.scene.launch({ brokerUrl: place.broker.url, databaseUrl: place.database.url });
  }

  private async strikeProcess(fate: Fate, place: Place, lastingMs: number): Promise<void> {
    switch (fate) {
      case 'paused':
        place.process.signal('SIGSTOP');
        await pause(lastingMs);
        place.process.signal('SIGCONT');
        return;
      case 'both killed':
        await Promise.all(this.places.map(async (one) => this.replace(one)));
        return;
      case 'killed while it starts':
        await this.replace(place);
        await pause(lastingMs);
        await this.replace(place);
        return;
      default:
        await this.replace(place);
    }
  }

  private async strikeBroker(fate: Fate, consumer: string, lastingMs: number): Promise<void> {
    const { broker, scene } = this;
    switch (fate) {
      case 'killed':
        await broker.keepQueues();
        await broker.kill();
        await pause(lastingMs);
        return broker.restart();
      case 'paused':
        broker.pause();
        await pause(lastingMs);
        return broker.resume();
      case 'memory alarm':
        await broker.ctl(ALARMING);
        await pause(lastingMs);
        await broker.ctl(USUAL);
        return;
      case 'exchange deleted':
        return scene.onBroker(async (part) => {
          await part.channel.deleteExchange(part.topology.exchange);
          await this.untilMade(part, (channel) => channel.checkExchange(part.topology.exchange));
        });
      default:
        return scene.onBroker(async (part) => {
          const { queue } = part.topology.queuesOf(consumer);
          await part.channel.deleteQueue(queue);
          await this.untilMade(part, (channel) => channel.checkQueue(queue));
        });
    }
  }

  /** A queue that is made just before the broker is killed may be broken for good, so the next misfortune comes later. */
  private async untilMade(part: TestBroker, look: (channel: Channel) => Promise<unknown>): Promise<void> {
    await inTheEnd(async () => {
      await this.reviveFailedStarts();
      const channel = await part.openChannel();
      channel.on('error', () => undefined);
      await look(channel);
      await channel.close();
    });
  }

  private async strikePostgres(fate: Fate, lastingMs: number): Promise<void> {
    if (fate === 'killed') {
      await this.postgres.kill();
      await pause(lastingMs);
      return this.postgres.restart();
    }
    await this.postgres.pause();
    await pause(lastingMs);
    return this.postgres.resume();
  }
}

async function strikeWay(fate: Fate, way: ChaosProxy, lastingMs: number): Promise<void> {
  switch (fate) {
    case 'reset':
      return way.reset();
    case 'half-open':
      return way.halfOpen();
    case 'slow':
      way.delay(SLOW_MS);
      break;
    default:
      way.blackhole();
  }
  await pause(lastingMs);
  way.heal();
}
