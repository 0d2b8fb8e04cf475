import { DomainError, TicketCsatReceived } from '#contracts';
import type { CsatRequest, CsatStatus } from '#contracts';
import type { Ticket } from './ticket';
import type { TicketRevision } from './ticket-revision';

const DAY_MS = 86_400_000;

/** What a customer says of how a ticket was dealt with. */
export interface Rating {
  /** From 1 to 5. */
  readonly rating: number;
  /** Null clears it; undefined leaves it as it is. */
  readonly comment?: string | null;
}

/**
 * The question that follows a close, if the project asks. Nobody is asked again who has answered already; who was asked and has
 * not answered is asked anew, because it is about another end of the matter.
 */
export function askForRating(revision: TicketRevision): CsatRequest {
  const { settings, cause, current, before } = revision;
  if (!settings.csatEnabled || current.csatStatus === 'rated') {
    return 'none';
  }
  if (!before.customerReachable) {
    turn(revision, 'csat_skipped', { csatStatus: 'skipped' });
    return 'skipped';
  }
  turn(revision, 'csat_requested', {
    csatStatus: 'requested',
    csatAskedAt: cause.at,
    csatExpiresAt: new Date(cause.at.getTime() + settings.csatExpireDays * DAY_MS),
  });
  return 'requested';
}

/** A ticket that is opened again takes its question back, unless the time for it was over before. */
export function withdrawQuestion(revision: TicketRevision): void {
  expireQuestion(revision);
  if (revision.current.csatStatus === 'requested') {
    turn(revision, 'csat_withdrawn', { csatStatus: 'withdrawn' });
  }
}

/** Ends a question that nobody has answered in its time; a scan may come later than that. */
export function expireQuestion(revision: TicketRevision): void {
  if (revision.current.csatStatus === 'requested' && isOver(revision)) {
    turn(revision, 'csat_expired', { csatStatus: 'expired' });
  }
}

/**
 * The customer's answer, or a change of it, which is possible as long as the question can be answered. The same again is no change.
 * @throws {DomainError} `conflict` when there is no question, or its time is over.
 */
export function rate(revision: TicketRevision, { rating, comment }: Rating): void {
  assertCanBeRated(revision);
  const { csatRating: ratingBefore, csatComment: commentBefore } = revision.current;
  const commentNow = comment === undefined ? commentBefore : comment;
  const values = { csatStatus: 'rated', csatRatedAt: revision.cause.at } as const;
  if (rating !== ratingBefore) {
    revision.changeField('csat_rating', rating, 'csat_rated', { ...values, csatRating: rating }, TicketCsatReceived);
  }
  if (commentNow !== commentBefore) {
    const commented = { ...values, csatComment: commentNow };
    revision.changeField('csat_comment', commentNow, 'csat_rated', commented, TicketCsatReceived);
  }
  revision.addToEvent(TicketCsatReceived, { rating, comment: commentNow, changed: ratingBefore !== null });
}

function assertCanBeRated(revision: TicketRevision): void {
  const { csatStatus } = revision.current;
  if (csatStatus !== 'requested' && csatStatus !== 'rated') {
    throw new DomainError('conflict', REFUSALS[csatStatus]);
  }
  if (isOver(revision)) {
    throw new DomainError('conflict', REFUSALS.expired);
  }
}

const REFUSALS: Readonly<Record<Exclude<CsatStatus, 'requested' | 'rated'>, string>> = {
  none: 'The customer was not asked for a rating. A question follows the close of a ticket while csat_enabled is on.',
  skipped:
    'The customer could not be asked for a rating. Closing the ticket again asks when the customer can be reached.',
  withdrawn: 'The question was taken back when the ticket was opened again. Closing the ticket asks anew.',
  expired: 'The time for a rating is over: csat_expire_days of the settings say how long it is.',
};

/** A question can be answered up to and with its last moment. */
function isOver({ current, cause }: TicketRevision): boolean {
  return current.csatExpiresAt !== null && current.csatExpiresAt < cause.at;
}

function turn(revision: TicketRevision, action: string, values: Partial<Ticket> & { readonly csatStatus: CsatStatus }) {
  const from = revision.current.csatStatus;
  revision.adjust(values);
  revision.note({ action, field: 'csat_status', from, to: values.csatStatus });
}
