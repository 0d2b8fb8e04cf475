import { SLA_KINDS, TicketSlaBreached, TicketSlaWarning, TicketUnanswered } from '#contracts';
import type { SlaKind } from '#contracts';
import { clockFields, clockOf, isRunning, scheduledClocks } from './sla-clock';
import type { SlaClock } from './sla-clock';
import type { Ticket } from './ticket';
import type { TicketRevision } from './ticket-revision';

const HOUR_MS = 3_600_000;

/**
 * A clock comes to its end: it is `ending` unless it was broken before anybody noticed. A mark is passed after its very moment, so
 * an answer at the due time is in time.
 */
export function endClock(revision: TicketRevision, kind: SlaKind, ending: 'met' | 'cancelled'): void {
  const clock = clockOf(revision.current, kind);
  if (!isRunning(clock)) {
    return;
  }
  if (isPassed(clock.dueAt, revision)) {
    breach(revision, kind, clock);
  } else {
    revision.adjust(clockFields(kind, { ...clock, status: ending }));
  }
}

/** Marks that have been passed: a clock whose warning and due time are both over is only broken. */
export function passSlaMarks(revision: TicketRevision): void {
  for (const kind of SLA_KINDS) {
    const clock = clockOf(revision.current, kind);
    if (isRunning(clock) && isPassed(clock.dueAt, revision)) {
      breach(revision, kind, clock);
    } else if (isRunning(clock) && isPassed(clock.warnAt, revision)) {
      warn(revision, kind, clock);
    }
  }
}

/** Sets the clocks of an open ticket by the settings of now, and passes the marks that lie in the past then. */
export function rescheduleClocks(revision: TicketRevision): void {
  if (revision.current.status === 'closed') {
    return;
  }
  const before = SLA_KINDS.map((kind) => [kind, clockOf(revision.current, kind)] as const);
  revision.adjust(scheduledClocks(revision.current, revision.settings));
  for (const [kind, from] of before) {
    const to = clockOf(revision.current, kind);
    if (from.dueAt?.getTime() !== to.dueAt?.getTime()) {
      revision.note({ action: 'sla_changed', field: `sla.${kind}`, from: seen(from), to: seen(to) });
    }
  }
  passSlaMarks(revision);
}

/** Tells of a customer who waits, once for each time that the waiting begins. */
export function tellUnanswered(revision: TicketRevision): void {
  const { waitingSince } = revision.current;
  const thresholdHours = revision.settings.helpdeskUnansweredHours;
  if (thresholdHours === null || waitingSince === null || !isUnanswered(revision.current, thresholdHours, revision)) {
    return;
  }
  const fields = {
    threshold_hours: thresholdHours,
    waiting_since: waitingSince.toISOString(),
    waited_seconds: Math.floor((revision.cause.at.getTime() - waitingSince.getTime()) / 1000),
  };
  revision.adjust({ unansweredToldFor: waitingSince });
  revision.note(
    { action: 'unanswered', field: null, from: null, to: fields },
    { definition: TicketUnanswered, fields },
  );
}

/** The same as the scan's condition: the settings may have changed since it was asked. */
function isUnanswered(ticket: Ticket, hours: number, { cause }: TicketRevision): boolean {
  const { status, lastMessageFrom, lastMessageAt, waitingSince, unansweredToldFor } = ticket;
  return (
    (status === 'new' || status === 'in_progress') &&
    lastMessageFrom === 'customer' &&
    lastMessageAt !== null &&
    lastMessageAt.getTime() + hours * HOUR_MS < cause.at.getTime() &&
    waitingSince?.getTime() !== unansweredToldFor?.getTime()
  );
}

function breach(revision: TicketRevision, kind: SlaKind, from: SlaClock): void {
  const to: SlaClock = { ...from, status: 'breached', warnAt: null };
  tell(revision, kind, { action: 'sla_breached', from, to, definition: TicketSlaBreached });
}

function warn(revision: TicketRevision, kind: SlaKind, from: SlaClock): void {
  const to: SlaClock = { ...from, status: 'warning', warnAt: null };
  tell(revision, kind, { action: 'sla_warning', from, to, definition: TicketSlaWarning });
}

function tell(
  revision: TicketRevision,
  kind: SlaKind,
  {
    action,
    from,
    to,
    definition,
  }: {
    readonly action: string;
    readonly from: SlaClock;
    readonly to: SlaClock;
    readonly definition: typeof TicketSlaBreached | typeof TicketSlaWarning;
  },
): void {
  revision.adjust(clockFields(kind, to));
  const fields = { kind, due_at: to.dueAt?.toISOString() };
  revision.note({ action, field: `sla.${kind}`, from: seen(from), to: seen(to) }, { definition, fields });
}

function seen({ status, dueAt }: SlaClock): object {
  return { due_at: dueAt?.toISOString() ?? null, status };
}

function isPassed(mark: Date | null, { cause }: TicketRevision): boolean {
  return mark !== null && mark < cause.at;
}
