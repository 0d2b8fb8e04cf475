import { readEnvironment, runService } from '#platform';
import type { RunningService } from '#platform';
import { ScanDueTickets } from '#sla';
import { SlaWorkerModule } from '../../apps/sla-worker/src/sla-worker.module';
import { withClient } from '../database/bench-databases';
import { isRelayed } from '../events/event-database';
import { Latencies } from '../loader/latencies';
import type { Measurement } from '../loader/latencies';
import { engineEnvironment } from '../product/product';
import { pause } from '../product/server-process';
import type { EngineCase } from './engine-case';
import { breachByHand, forgetBreaches, letTicketsBeDue, takeBreachesAway } from './open-tickets';

const IDLE_SCANS = 20;
const DUE = 500;

/** Over so many projects the due tickets are spread: a burst of one of them, and one of everybody. */
const SPREADS = [1, 50];

const SETTLE_MS = 20;

/** So many tickets of one project are past their time once the product and the reference have had their rounds. */
export function ticketsUsedUp(rounds: number): number {
  return 2 * rounds * DUE;
}

/** The scans of sla-worker over an installation whose tickets are all open. */
export class ScanCases {
  private constructor(
    private readonly service: RunningService,
    private readonly databaseUrl: string,
  ) {}

  static async open(databaseUrl: string): Promise<ScanCases> {
    const environment = readEnvironment({ ...engineEnvironment(databaseUrl), LOG_LEVEL: 'error' });
    const service = await runService({ name: 'bench-scans', modules: [SlaWorkerModule], environment });
    return new ScanCases(service, databaseUrl);
  }

  async stop(): Promise<void> {
    await this.service.close();
  }

  /** Nothing is due; then so many tickets are. */
  get cases(): readonly EngineCase[] {
    return [
      {
        name: 'scan-idle',
        title: 'scan, nothing due',
        load: `${IDLE_SCANS} scans`,
        targets: { product: () => this.scanIdle() },
      },
      ...SPREADS.map((projects): EngineCase => ({
        name: 'scan-due',
        title: `scan, ${DUE} tickets due`,
        load: projects === 1 ? '1 project' : `${projects} projects`,
        targets: { product: () => this.scanDue(projects), database: () => this.breachByHand(projects) },
      })),
    ];
  }

  private async scanIdle(): Promise<Measurement> {
    const latencies = new Latencies();
    const begin = performance.now();
    for (let count = 0; count < IDLE_SCANS; count++) {
      latencies.add(...(await this.scan(0)));
    }
    return latencies.summarise((performance.now() - begin) / 1_000);
  }

  private async scanDue(projects: number): Promise<Measurement> {
    return withClient(this.databaseUrl, async (client) => {
      await letTicketsBeDue(client, DUE, projects);
      await client.query('CHECKPOINT');
      const figures = once(...(await this.scan(DUE)));
      while (!(await isRelayed(client))) {
        await pause(SETTLE_MS);
      }
      await takeBreachesAway(client);
      return figures;
    });
  }

  /** The same tickets' rows once more, of the scan before. */
  private async breachByHand(projects: number): Promise<Measurement> {
    return withClient(this.databaseUrl, async (client) => {
      const ticketIds = await letTicketsBeDue(client, DUE, projects);
      await client.query('CHECKPOINT');
      const begin = performance.now();
      await breachByHand(client, ticketIds);
      const figures = once(performance.now() - begin, true);
      await forgetBreaches(client);
      return figures;
    });
  }

  /** How long it took, in milliseconds, and whether it found what it should. */
  private async scan(due: number): Promise<[number, boolean]> {
    const begin = performance.now();
    const found = await this.service.app.get(ScanDueTickets, { strict: false }).execute(new AbortController().signal);
    return [performance.now() - begin, found.sla_marks === due && found.sla_settings === 0 && found.unanswered === 0];
  }
}

function once(milliseconds: number, isRight: boolean): Measurement {
  const latencies = new Latencies();
  latencies.add(milliseconds, isRight);
  return latencies.summarise(milliseconds / 1_000);
}
