import { setTimeout as pause } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { Client } from 'pg';

const MIN_BACKOFF_MS = 200;
const MAX_BACKOFF_MS = 5_000;

/**
 * Hears NOTIFY on a connection of its own, and connects again when it is lost. Hints may go missing, so whoever hears them polls
 * as well; after each new connection `onHint` is called without a payload, for what was missed. Needs a real session: behind a
 * pooler in transaction mode nothing is heard, and polling does all.
 */
export class HintListener {
  private readonly logger = new Logger('event-path');
  private readonly stopping = new AbortController();
  private readonly stopped = new Promise<'stopped'>((resolve) => {
    this.stopping.signal.addEventListener('abort', () => resolve('stopped'));
  });
  private running: Promise<void> | undefined;

  constructor(
    private readonly url: string,
    private readonly channel: string,
    private readonly onHint: (payload: string | undefined) => void,
  ) {}

  /** Connects in the background. */
  start(): void {
    this.running ??= this.run();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    let backoff = MIN_BACKOFF_MS;
    while (!signal.aborted) {
      const error = await this.listen(() => (backoff = MIN_BACKOFF_MS));
      if (!signal.aborted) {
        this.logger.warn({ event: 'hints.lost', error: String(error), retry_in_ms: backoff });
        await pause(backoff, undefined, { signal }).catch(() => undefined);
        backoff = Math.min(backoff * 2, MAX_BACKOFF_MS);
      }
    }
  }

  /** Listens until the connection is gone, or no longer wanted; answers why. */
  private async listen(onConnected: () => void): Promise<unknown> {
    const client = new Client({
      connectionString: this.url,
      application_name: 'helpdesk-hints',
      keepAlive: true,
      connectionTimeoutMillis: 5_000,
    });
    const lost = new Promise<unknown>((resolve) => {
      client.on('error', resolve);
      client.on('end', () => resolve('The connection was closed.'));
    });
    client.on('notification', ({ payload }) => this.onHint(payload));
    try {
      await client.connect();
      await client.query(`LISTEN ${this.channel}`);
      onConnected();
      this.onHint(undefined);
      return await Promise.race([lost, this.stopped]);
    } catch (error) {
      return error;
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}
