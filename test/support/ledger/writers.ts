import { randomUUID } from 'node:crypto';
import { ConnectionLost, httpCall } from '../processes/http-call';
import type { HttpAnswer } from '../processes/http-call';
import { Random } from './random';
import { RequestJournal } from './request-journal';
import type { WriteAnswer, WrittenRequest } from './request-journal';

/** How to write. */
export interface WritersOptions {
  readonly key: string;
  /** Where processes serve right now; nowhere for a while is fine. */
  readonly targets: () => readonly string[];
  readonly seed: number;
  /** How many write at the same time; four unless given. */
  readonly writers?: number;
}

interface OpenTicket {
  readonly id: string;
  readonly channel: string;
}

const TICKETS = '/v1/helpdesk/tickets';

/** So few tickets and chats that the writers meet at them. */
const SHARED_TICKETS = 6;
const CHATS = 5;

/** Longest that one request may remain without an answer over all its attempts, in milliseconds. */
const PATIENCE_MS = 300_000;
const PAUSE_MS = 15;

/**
 * Integrators at work: each opens tickets and adds messages one after the other, and sends a request whose answer was lost again
 * with the same `Idempotency-Key` until it is answered. A part of the creates has no key, and is not repeated.
 */
export class Writers {
  readonly journal = new RequestJournal();
  private readonly tickets: OpenTicket[] = [];
  private readonly working: Promise<void>[] = [];
  private stopping = false;
  private abandoned = false;

  constructor(private readonly options: WritersOptions) {
    for (let index = 0; index < (options.writers ?? 4); index++) {
      const work = this.work(new Random(options.seed + index));
      // Whoever stops the writers learns of a failure; until then it waits.
      work.catch(() => undefined);
      this.working.push(work);
    }
  }

  /** How many requests were answered with success. */
  get acknowledged(): number {
    return this.journal.acknowledged.length;
  }

  /** Ends when each writer has the answer to its last request. */
  async stop(): Promise<void> {
    this.stopping = true;
    await Promise.all(this.working);
  }

  /** Ends at once, whatever is unanswered: the test is over. */
  async abandon(): Promise<void> {
    this.stopping = true;
    this.abandoned = true;
    await Promise.allSettled(this.working);
  }

  private async work(random: Random): Promise<void> {
    while (!this.stopping) {
      const request = this.compose(random);
      this.journal.requests.push(request);
      await this.settle(request, random);
    }
  }

  private compose(random: Random): WrittenRequest {
    const text = `text ${randomUUID()}`;
    const known = this.tickets.slice(-SHARED_TICKETS);
    if (known.length === 0 || random.chance(40)) {
      const isKeyed = random.chance(70);
      return { ...composeCreate(random, text), idempotencyKey: isKeyed ? randomUUID() : null, text, attempts: 0 };
    }
    return { ...composeReply(random, random.pick(known), text), idempotencyKey: randomUUID(), text, attempts: 0 };
  }

  private async settle(request: WrittenRequest, random: Random): Promise<void> {
    const deadline = performance.now() + PATIENCE_MS;
    while (performance.now() < deadline && !this.abandoned) {
      const targets = this.options.targets();
      const answer = targets.length > 0 ? await this.send(request, random.pick(targets)) : null;
      if (answer && this.isSettled(request, answer)) {
        return;
      }
      if (request.attempts > 0 && request.idempotencyKey === null) {
        return;
      }
      await pause();
    }
    throw new Error(
      `${request.kind} got no answer within ${PATIENCE_MS / 1000} s, after ${request.attempts} attempts.`,
    );
  }

  private async send(request: WrittenRequest, url: string): Promise<HttpAnswer | null> {
    const { path, body, idempotencyKey } = request;
    request.attempts++;
    try {
      const call = { url, method: 'POST', path, body, key: this.options.key } as const;
      return await httpCall({ ...call, ...(idempotencyKey && { idempotencyKey }) });
    } catch (error) {
      if (error instanceof ConnectionLost) {
        return null;
      }
      throw error;
    }
  }

  private isSettled(request: WrittenRequest, { status, body }: HttpAnswer): boolean {
    if (status === 201) {
      this.acknowledge(request, body as WriteAnswer);
      return true;
    }
    const { code, retryable } = body as { code?: string; retryable?: boolean };
    if (retryable && status !== 500) {
      return false;
    }
    this.journal.refusals.push(`${status} ${code} ${request.path}`);
    return status < 500;
  }

  private acknowledge(request: WrittenRequest, answer: WriteAnswer): void {
    request.answer = answer;
    if ('ticket_number' in answer) {
      this.tickets.push({ id: answer.id, channel: answer.channel });
    }
  }
}

function composeCreate(random: Random, text: string) {
  const customer = random.chance(50)
    ? { channel: 'telegram', chat_id: random.between(1, CHATS), first_name: 'Ann' }
    : { channel: 'virtual', ...(random.chance(50) && { external_id: `customer-${random.between(1, CHATS)}` }) };
  return { kind: 'create', path: TICKETS, body: { ...customer, text, subject: 'Payment' } } as const;
}

function composeReply(random: Random, { id, channel }: OpenTicket, text: string) {
  if (channel === 'virtual' && random.chance(40)) {
    return { kind: 'customer-reply', path: `${TICKETS}/${id}/customer-reply`, body: { text } } as const;
  }
  const manner = random.pick([{}, {}, { internal: true }, { status: 'closed' }, { status: 'in_progress' }]);
  return { kind: 'reply', path: `${TICKETS}/${id}/reply`, body: { text, ...manner } } as const;
}

async function pause(): Promise<void> {
  await new Promise((resolve) => {
    setTimeout(resolve, PAUSE_MS);
  });
}
