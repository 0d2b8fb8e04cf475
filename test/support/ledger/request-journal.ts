import type { TicketPayload } from '#contracts';

/** A request that adds a message, and what is known of it. */
export interface WrittenRequest {
  readonly kind: 'create' | 'reply' | 'customer-reply';
  readonly path: string;
  /** Null sends none: then a lost answer leaves open for good whether anything happened. */
  readonly idempotencyKey: string | null;
  readonly body: Readonly<Record<string, unknown>>;
  /** The message's text, which occurs in no other request: how often it is stored is how often the request took effect. */
  readonly text: string;
  /** How often it was sent. */
  attempts: number;
  /** The answer of success, once one has arrived. */
  answer?: WriteAnswer;
}

/** What the integrator was told: the new ticket, or the new message with the ticket after it. */
export type WriteAnswer =
  TicketPayload | { readonly id: string; readonly text: string; readonly ticket: TicketPayload };

/** What the writers have asked for and what they were told: the outside's side of the ledger. */
export class RequestJournal {
  readonly requests: WrittenRequest[] = [];
  /** Answers that no well-formed request may get, as `status code path`. */
  readonly refusals: string[] = [];

  get acknowledged(): readonly WrittenRequest[] {
    return this.requests.filter(({ answer }) => answer);
  }

  /** Requests that were sent and got no answer yet, or lost it. */
  get unanswered(): readonly WrittenRequest[] {
    return this.requests.filter(({ answer, attempts }) => !answer && attempts > 0);
  }

  get keyed(): readonly WrittenRequest[] {
    return this.requests.filter(({ idempotencyKey }) => idempotencyKey !== null);
  }
}
