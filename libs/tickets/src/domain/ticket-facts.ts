import type { Channel } from '#contracts';
import { clockOf, isRunning } from './sla-clock';
import type { Ticket } from './ticket';

/**
 * What reports know about tickets. A first reply and a close stand under another kind when their clock was met by them; a question
 * stands under another one when it was answered.
 */
export const FACT_KINDS = [
  'created',
  'first_reply',
  'first_reply_met',
  'first_reply_breached',
  'first_reply_pending',
  'resolve',
  'resolve_met',
  'resolve_breached',
  'resolve_pending',
  'csat_asked',
  'csat_answered',
  'csat_rating',
] as const;
export type FactKind = (typeof FACT_KINDS)[number];

/** What facts are grouped by: the ticket as it is now, so that they move along when it is given to another agent. */
export interface FactKey {
  readonly channel: Channel;
  readonly ticketTypeId: string | null;
  readonly assignedTo: string | null;
}

/**
 * A fact that counts from now on (1) or no longer (-1): its kind, its time in milliseconds, its seconds or stars (null for a
 * kind that is only counted), and which of both.
 */
export type FactChange = readonly [kind: FactKind, at: number, amount: number | null, by: 1 | -1];

/** Facts that have changed under one key. */
export interface FactChanges extends FactKey {
  readonly facts: readonly FactChange[];
}

interface Fact {
  readonly kind: FactKind;
  readonly at: number;
  readonly amount: number | null;
}

/**
 * What a ticket says to reports, each kind once at most. A clock is met at its end and broken at its due time; one that runs counts
 * when it began.
 */
function factsOf(ticket: Ticket): Fact[] {
  const { createdAt, firstCustomerMessageAt, firstReplyAt, closedAt } = ticket;
  const [reply, resolve] = [clockOf(ticket, 'first_reply'), clockOf(ticket, 'resolve')];
  return [
    ...fact('created', createdAt),
    ...timed(reply.status === 'met' ? 'first_reply_met' : 'first_reply', firstCustomerMessageAt, firstReplyAt),
    ...fact('first_reply_breached', reply.status === 'breached' ? reply.dueAt : null),
    ...fact('first_reply_pending', isRunning(reply) ? firstCustomerMessageAt : null),
    ...timed(resolve.status === 'met' ? 'resolve_met' : 'resolve', createdAt, closedAt),
    ...fact('resolve_breached', resolve.status === 'breached' ? resolve.dueAt : null),
    ...fact('resolve_pending', isRunning(resolve) ? createdAt : null),
    ...fact(ticket.csatStatus === 'rated' ? 'csat_answered' : 'csat_asked', ticket.csatAskedAt),
    ...rating(ticket),
  ];
}

/** What a change of a ticket changes in reports; null stands for a ticket that was not there before. */
export function factChanges(before: Ticket | null, after: Ticket): FactChanges[] {
  const [past, come] = [before ? factsOf(before) : [], factsOf(after)];
  // A ticket knows its last question alone. One before it stays counted, under what the ticket was then.
  const isAskedAgain = before?.csatAskedAt?.getTime() !== after.csatAskedAt?.getTime();
  const gone = past.filter(({ kind }) => !(isAskedAgain && kind === 'csat_asked'));
  if (before === null || !haveSameKey(before, after)) {
    return [...(before ? [changesOf(before, counted(gone, -1))] : []), changesOf(after, counted(come, 1))];
  }
  const facts = [...counted(without(gone, come), -1), ...counted(without(come, gone), 1)];
  return facts.length === 0 ? [] : [changesOf(after, facts)];
}

function fact(kind: FactKind, at: Date | null): Fact[] {
  return at === null ? [] : [{ kind, at: at.getTime(), amount: null }];
}

function timed(kind: FactKind, from: Date | null, to: Date | null): Fact[] {
  return from && to ? [{ kind, at: to.getTime(), amount: Math.floor((to.getTime() - from.getTime()) / 1000) }] : [];
}

function rating({ csatRating, csatRatedAt }: Ticket): Fact[] {
  return csatRating === null || csatRatedAt === null
    ? []
    : [{ kind: 'csat_rating', at: csatRatedAt.getTime(), amount: csatRating }];
}

function counted(facts: readonly Fact[], by: 1 | -1): FactChange[] {
  return facts.map(({ kind, at, amount }) => [kind, at, amount, by]);
}

function without(facts: readonly Fact[], others: readonly Fact[]): Fact[] {
  return facts.filter(
    ({ kind, at, amount }) =>
      !others.some((other) => other.kind === kind && other.at === at && other.amount === amount),
  );
}

function haveSameKey(one: FactKey, other: FactKey): boolean {
  return (
    one.channel === other.channel && one.ticketTypeId === other.ticketTypeId && one.assignedTo === other.assignedTo
  );
}

function changesOf({ channel, ticketTypeId, assignedTo }: FactKey, facts: readonly FactChange[]): FactChanges {
  return { channel, ticketTypeId, assignedTo, facts };
}
