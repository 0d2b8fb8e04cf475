import { randomUUID } from 'node:crypto';
import { Agent } from 'node:http';
import { ConnectionLost, httpCall } from './http-call';

/** How callers call. */
export interface SteadyCallersOptions {
  readonly url: string;
  readonly key: string;
  /** Whether a caller keeps its connection from one request to the next, or opens one for each. */
  readonly connections: 'kept' | 'fresh';
  readonly callers: number;
}

/** What callers have seen. */
export interface CallersReport {
  /** How many requests were answered, by status. */
  readonly statuses: Readonly<Record<number, number>>;
  /** How many answers came after {@link SteadyCallers.mark}. */
  readonly answeredSinceMark: number;
  /** Requests that reached the server, or may have, and got no whole answer. */
  readonly broken: readonly string[];
  /** Milliseconds from the mark to the first refused connection; undefined when none was refused. */
  readonly refusedAfterMs?: number;
}

/**
 * Callers that open and read tickets without a pause, on connections of their own, until nobody lets them in any more. They do what
 * RFC 9112 section 9.6 asks of any: when a connection that has served before ends before a byte of the answer, the request goes out
 * again on a new one, with the same `Idempotency-Key`.
 */
export class SteadyCallers {
  private readonly statuses: Record<number, number> = {};
  private readonly broken: string[] = [];
  private readonly working: Promise<void>[] = [];
  private answered = 0;
  private answeredAtMark = 0;
  private markedAt = 0;
  private refusedAt: number | undefined;

  constructor(private readonly options: SteadyCallersOptions) {
    for (let index = 0; index < options.callers; index++) {
      this.working.push(this.callUntilRefused());
    }
  }

  /** How many requests were answered so far. */
  get answers(): number {
    return this.answered;
  }

  /** From here on is what the report counts as "since". */
  mark(): void {
    this.markedAt = performance.now();
    this.answeredAtMark = this.answered;
  }

  /** What they saw, once each of them has been refused. */
  async report(): Promise<CallersReport> {
    await Promise.all(this.working);
    return {
      statuses: this.statuses,
      broken: this.broken,
      answeredSinceMark: this.answered - this.answeredAtMark,
      ...(this.refusedAt !== undefined && { refusedAfterMs: this.refusedAt - this.markedAt }),
    };
  }

  private async callUntilRefused(): Promise<void> {
    const agent = new Agent({ keepAlive: this.options.connections === 'kept', maxSockets: 1 });
    let idempotencyKey = randomUUID();
    let mayTryAgain = true;
    for (;;) {
      try {
        await this.call(agent, idempotencyKey);
        [idempotencyKey, mayTryAgain] = [randomUUID(), true];
      } catch (error) {
        const lost = error as ConnectionLost;
        if (lost.code === 'ECONNREFUSED') {
          this.refusedAt ??= performance.now();
          agent.destroy();
          return;
        }
        if (!(lost.wasReused && !lost.amidAnswer && mayTryAgain)) {
          this.broken.push(lost.message);
        }
        mayTryAgain = false;
      }
    }
  }

  private async call(agent: Agent, idempotencyKey: string): Promise<void> {
    const { url, key } = this.options;
    const path = '/v1/helpdesk/tickets';
    const created = await httpCall({ url, method: 'POST', path, key, agent, idempotencyKey, body: { text: 'Help' } });
    this.count(created.status);
    this.count((await httpCall({ url, method: 'GET', path: `${path}?limit=100`, key, agent })).status);
  }

  private count(status: number): void {
    this.answered++;
    this.statuses[status] = (this.statuses[status] ?? 0) + 1;
  }
}
