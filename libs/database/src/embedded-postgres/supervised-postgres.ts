import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { ServerPlan } from './guarded-postgres';
import { GuardedPostgres } from './guarded-postgres';
import { clearLeftovers } from './postmaster-file';

const START_RETRY_MS = 2_000;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

/** Keeps a server running on one port until it is stopped: one that ends by itself (a crash, kill -9) is started again. */
export class SupervisedPostgres {
  private readonly stopping = new AbortController();
  private readonly supervision: Promise<void>;

  private constructor(
    private readonly plan: ServerPlan,
    private server: GuardedPostgres,
  ) {
    this.supervision = this.keepRunning();
  }

  /**
   * Starts the server on the port, or on a free one. Repeats a failed start for two seconds: children of a server that
   * was just killed may still be dying, and a free port may be taken by others in between.
   */
  static async start(plan: ServerPlan, port?: number): Promise<SupervisedPostgres> {
    const deadline = performance.now() + START_RETRY_MS;
    for (;;) {
      try {
        return new SupervisedPostgres(plan, await GuardedPostgres.start(plan, port ?? (await freePort())));
      } catch (error) {
        if (performance.now() > deadline) {
          throw error;
        }
        await pause(FIRST_PAUSE_MS);
      }
    }
  }

  get port(): number {
    return this.server.port;
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.server.stop();
    await this.supervision;
    await this.clear();
  }

  private async keepRunning(): Promise<void> {
    let pauseMs = FIRST_PAUSE_MS;
    while (await this.hasEndedByItself()) {
      this.plan.onProgress('PostgreSQL ended by itself: starting it again');
      await pause(pauseMs, undefined, { signal: this.stopping.signal }).catch(() => undefined);
      pauseMs = (await this.restarted()) ? FIRST_PAUSE_MS : Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    }
  }

  private async hasEndedByItself(): Promise<boolean> {
    await this.server.exited;
    return !this.stopping.signal.aborted;
  }

  /** A guard that was killed leaves its server behind. */
  private async clear(): Promise<void> {
    await clearLeftovers(this.plan.folder, this.plan.onProgress);
  }

  private async restarted(): Promise<boolean> {
    if (this.stopping.signal.aborted) {
      return false;
    }
    try {
      await this.clear();
      this.server = await GuardedPostgres.start(this.plan, this.port);
    } catch (error) {
      this.plan.onProgress((error as Error).message);
      return false;
    }
    if (this.stopping.signal.aborted) {
      await this.server.stop();
    }
    return true;
  }
}

/** A port that nobody listens on at this moment. */
async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
