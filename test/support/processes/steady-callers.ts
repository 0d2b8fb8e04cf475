import { randomUUID } from 'node:crypto';
import { Agent } from 'node:http';
import type { ConnectionLost, HttpAnswer } from './http-call';
import { httpCall } from './http-call';

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
  /** How many requests were answered how: by status, and by code for those that were refused. */
  readonly answers: Readonly<Record<string, number>>;
  /** How many answers came since the promise. */
  readonly answeredSincePromise: number;
  /** What must not happen: answers that broke off, and connections that were refused or lost before the promise ended. */
  readonly broken: readonly string[];
}

/**
 * Callers that open and read tickets without a pause, on connections of their own, until nobody lets them in any more. When a
 * connection that has served before ends without a byte of the answer, the request goes out again on a new one with the same
 * `Idempotency-Key`, as RFC 9112 section 9.6 asks of any caller.
 */
export class SteadyCallers {
  private readonly kinds: Record<string, number> = {};
  private readonly broken: string[] = [];
  private readonly working: Promise<void>[] = [];
  private answered = 0;
  private answeredAtPromise = 0;
  private promisedUntil = Number.POSITIVE_INFINITY;

  constructor(private readonly options: SteadyCallersOptions) {
    for (let index = 0; index < options.callers; index++) {
      this.working.push(this.callUntilRefused());
    }
  }

  /** How many requests were answered so far. */
  get answers(): number {
    return this.answered;
  }

  /** From now on the server promises to let everybody in for so many milliseconds, and no longer. */
  expectService(promiseMs: number): void {
    this.promisedUntil = performance.now() + promiseMs;
    this.answeredAtPromise = this.answered;
  }

  /** What they saw, once each of them has been refused. */
  async report(): Promise<CallersReport> {
    await Promise.all(this.working);
    const { kinds, broken, answered, answeredAtPromise } = this;
    return { answers: kinds, broken, answeredSincePromise: answered - answeredAtPromise };
  }

  private async callUntilRefused(): Promise<void> {
    const agent = new Agent({ keepAlive: this.options.connections === 'kept', maxSockets: 1 });
    let idempotencyKey = randomUUID();
    let isOpen = true;
    while (isOpen) {
      try {
        await this.call(agent, idempotencyKey);
        idempotencyKey = randomUUID();
      } catch (error) {
        isOpen = this.goesOn(error as ConnectionLost);
      }
    }
    agent.destroy();
  }

  /** Whether a caller tries again; notes what may not happen. */
  private goesOn({ message, code, amidAnswer, wasReused, connectedAt = performance.now() }: ConnectionLost): boolean {
    if (amidAnswer || connectedAt < this.promisedUntil) {
      this.broken.push(message);
    }
    // A connection that came when the door closed may be let go without an answer, just like one that came too late.
    return wasReused && code !== 'ECONNREFUSED';
  }

  private async call(agent: Agent, idempotencyKey: string): Promise<void> {
    const { url, key } = this.options;
    const path = '/v1/helpdesk/tickets';
    const body = { text: 'Help' };
    this.count(await httpCall({ url, method: 'POST', path, key, agent, idempotencyKey, body }));
    this.count(await httpCall({ url, method: 'GET', path: `${path}?limit=100`, key, agent }));
  }

  private count({ status, body }: HttpAnswer): void {
    const { code } = body as { code?: string };
    const kind = code === undefined ? String(status) : `${status} ${code}`;
    this.answered++;
    this.kinds[kind] = (this.kinds[kind] ?? 0) + 1;
  }
}
