import type { ReportGrouping } from './domain/report-count';
import type { ClockNumbers, CsatNumbers, ReportNumbers } from './domain/tally';

/** A ticket, as far as its rows say it themselves. */
export interface TicketRows {
  readonly created_at: Date;
  readonly channel: string;
  readonly assigned_to: string | null;
  readonly ticket_type_id: string | null;
  readonly sla_first_reply_status: string;
  readonly sla_resolve_status: string;
  /** Public messages, in their order. */
  readonly messages: ReadonlyArray<{ readonly by: string; readonly at: string }>;
  /** What was done to it, in its order. */
  readonly history: ReadonlyArray<{
    readonly action: string;
    readonly field: string | null;
    readonly from: unknown;
    readonly to: unknown;
    readonly at: string;
  }>;
}

/** Selects them for a side. */
export const TICKET_ROWS = `
SELECT t.*,
  (SELECT json_agg(json_build_object('by', m.author_type, 'at', m.created_at) ORDER BY m.seq) FROM message m
   WHERE m.project_id = t.project_id AND m.ticket_id = t.id AND NOT m.internal) AS messages,
  (SELECT json_agg(json_build_object('action', h.action, 'field', h.field, 'from', h."from", 'to', h."to", 'at', h.at) ORDER BY h.seq)
   FROM ticket_history h WHERE h.project_id = t.project_id AND h.ticket_id = t.id) AS history
FROM ticket t WHERE t.project_id = $1`;

/** Some time of a ticket's life, with the seconds that it took. */
interface Moment {
  readonly at: number;
  readonly seconds: number;
}

/** Whether an instant is to be counted. */
export type Counts = (at: number) => boolean;

/** A group, by what and which one. */
export interface Group {
  readonly by: Exclude<ReportGrouping, 'day'>;
  readonly key: string | null;
}

/** Looks at all tickets and their whole history, one after the other, as someone does who keeps no books. */
export function countAgain(all: readonly TicketRows[], counts: Counts, group?: Group): ReportNumbers {
  const tickets = all.filter((ticket) => !group || groupOf(ticket, group.by) === group.key);
  const of = (moments: ReadonlyArray<Moment | null>) =>
    moments.filter((one) => one !== null && counts(one.at)) as Moment[];
  const [replies, closes] = [of(tickets.map(firstReplyOf)), of(tickets.map(closeOf))];
  const clock = (kind: 'first_reply' | 'resolve', ended: Moment[], endOf: (ticket: TicketRows) => Moment | null) => {
    const inState = (...states: string[]) => tickets.filter((ticket) => states.includes(ticket[`sla_${kind}_status`]));
    return {
      ...spread(ended.map(({ seconds }) => seconds)),
      met: of(inState('met').map(endOf)).length,
      breached: of(inState('breached').map((ticket) => breachOf(ticket, kind))).length,
      pending: of(inState('pending', 'warning').map(beginOf)).length,
    };
  };
  const questions = all.flatMap(questionsOf).filter(({ at }) => counts(at));
  return {
    tickets: {
      created: tickets.filter(({ created_at }) => counts(created_at.getTime())).length,
      closed: closes.length,
    },
    firstReply: clock('first_reply', replies, firstReplyOf),
    resolve: clock('resolve', closes, closeOf),
    csat: csat(
      questions.filter(({ groups }) => !group || groups[group.by] === group.key),
      tickets.flatMap(ratingOf).filter(({ at }) => counts(at)),
    ),
  };
}

/** What a ticket is grouped by; null for what has no group. */
export function groupOf(ticket: TicketRows, by: Group['by']): string | null {
  return { agent: ticket.assigned_to, channel: ticket.channel, ticket_type: ticket.ticket_type_id }[by];
}

interface Question {
  readonly at: number;
  readonly isAnswered: boolean;
  readonly groups: Readonly<Record<Group['by'], string | null>>;
}

/** The last question goes by what the ticket is now, one before it by what the ticket was when it was asked again. */
function questionsOf(ticket: TicketRows): Question[] {
  const { history } = ticket;
  const asked = history.flatMap(({ action }, place) => (action === 'csat_requested' ? [place] : []));
  return asked.map((place, index) => {
    const until = asked[index + 1] ?? history.length;
    return {
      at: Date.parse(history[place]?.at ?? ''),
      isAnswered: until === history.length && ratingOf(ticket).length > 0,
      groups: {
        agent: valueAt(ticket, 'assigned_to', until),
        channel: ticket.channel,
        ticket_type: valueAt(ticket, 'ticket_type_id', until),
      },
    };
  });
}

/** A field as it was before a line of the history. */
function valueAt(ticket: TicketRows, field: 'assigned_to' | 'ticket_type_id', place: number): string | null {
  const next = ticket.history.slice(place).find((line) => line.field === field);
  return next ? (next.from as string | null) : ticket[field];
}

function ratingOf({ history }: TicketRows): Array<{ readonly at: number; readonly rating: number }> {
  const rated = history.filter(({ action }) => action === 'csat_rated');
  const rating = rated.findLast(({ field }) => field === 'csat_rating')?.to;
  return rating === undefined ? [] : [{ at: Date.parse(rated.at(-1)?.at ?? ''), rating: rating as number }];
}

function csat(questions: readonly Question[], ratings: ReadonlyArray<{ readonly rating: number }>): CsatNumbers {
  const given = (rating: number) => ratings.filter((one) => one.rating === rating).length;
  const [sum, asked] = [ratings.reduce((total, { rating }) => total + rating, 0), questions.length];
  const answered = questions.filter(({ isAnswered }) => isAnswered).length;
  return {
    avg: ratings.length === 0 ? null : Number((sum / ratings.length).toFixed(2)),
    count: ratings.length,
    asked,
    responseRate: asked === 0 ? null : Number((answered / asked).toFixed(4)),
    distribution: { 1: given(1), 2: given(2), 3: given(3), 4: given(4), 5: given(5) },
  };
}

function beginOf({ created_at }: TicketRows): Moment {
  return { at: created_at.getTime(), seconds: 0 };
}

function firstReplyOf({ messages }: TicketRows): Moment | null {
  const [asked, answered] = ['customer', 'agent'].map((by) => messages.find((message) => message.by === by));
  return asked && answered ? moment(asked.at, answered.at) : null;
}

function closeOf({ created_at, history }: TicketRows): Moment | null {
  const last = history.findLast(({ action }) => action === 'status_changed');
  return last?.to === 'closed' ? moment(created_at.toISOString(), last.at) : null;
}

function breachOf({ history }: TicketRows, kind: string): Moment | null {
  const breach = history.findLast(({ action, field }) => action === 'sla_breached' && field === `sla.${kind}`);
  return breach ? moment((breach.to as { due_at: string }).due_at, (breach.to as { due_at: string }).due_at) : null;
}

function moment(from: string, to: string): Moment {
  return { at: Date.parse(to), seconds: Math.floor((Date.parse(to) - Date.parse(from)) / 1000) };
}

function spread(seconds: number[]): Pick<ClockNumbers, 'avgSeconds' | 'medianSeconds' | 'p90Seconds'> {
  const sorted = seconds.toSorted((one, other) => one - other);
  // The nearest rank by its definition: the first value that so many are not above.
  const quantile = (percent: number) =>
    sorted.find((value) => sorted.filter((other) => other <= value).length * 100 >= percent * sorted.length) ?? null;
  const sum = sorted.reduce((total, value) => total + value, 0);
  return {
    avgSeconds: sorted.length === 0 ? null : Math.round(sum / sorted.length),
    medianSeconds: quantile(50),
    p90Seconds: quantile(90),
  };
}
