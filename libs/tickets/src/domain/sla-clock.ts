import { SLA_KINDS } from '#contracts';
import type { SlaKind, SlaStatus } from '#contracts';
import { addBusinessTime } from '#settings';
import type { SlaSettings } from '#settings';
import type { Ticket } from './ticket';

const HOUR_SECONDS = 3_600;

/** The part of its time after which a clock warns. */
const WARNING_SHARE = 0.8;

/** One service-level clock of a ticket. */
export interface SlaClock {
  readonly status: SlaStatus;
  /** When it is broken unless it ends before; null without a threshold, and when the business hours never get there. */
  readonly dueAt: Date | null;
  /** When it warns; null once it has warned for this due time. */
  readonly warnAt: Date | null;
}

/** In what the two clocks differ. */
interface ClockKind {
  readonly of: (ticket: Ticket) => SlaClock;
  readonly fields: (clock: SlaClock) => Partial<Ticket>;
  readonly thresholdHours: (settings: SlaSettings) => number | null;
  readonly startedAt: (ticket: Ticket) => Date | null;
  /** Whether it has come to its end, whatever that was: from then on it is never started again while the ticket is open. */
  readonly isOver: (ticket: Ticket) => boolean;
}

const KINDS: Readonly<Record<SlaKind, ClockKind>> = {
  first_reply: {
    of: (ticket) => ({
      status: ticket.slaFirstReplyStatus,
      dueAt: ticket.slaFirstReplyDueAt,
      warnAt: ticket.slaFirstReplyWarnAt,
    }),
    fields: ({ status, dueAt, warnAt }) => ({
      slaFirstReplyStatus: status,
      slaFirstReplyDueAt: dueAt,
      slaFirstReplyWarnAt: warnAt,
    }),
    thresholdHours: (settings) => settings.slaFirstReplyHours,
    startedAt: (ticket) => ticket.firstCustomerMessageAt,
    // A close without a reply leaves a due time, a threshold that was taken away does not.
    isOver: (ticket) =>
      ticket.firstReplyAt !== null ||
      (ticket.slaFirstReplyStatus === 'cancelled' && ticket.slaFirstReplyDueAt !== null),
  },
  resolve: {
    of: (ticket) => ({
      status: ticket.slaResolveStatus,
      dueAt: ticket.slaResolveDueAt,
      warnAt: ticket.slaResolveWarnAt,
    }),
    fields: ({ status, dueAt, warnAt }) => ({
      slaResolveStatus: status,
      slaResolveDueAt: dueAt,
      slaResolveWarnAt: warnAt,
    }),
    thresholdHours: (settings) => settings.slaResolveHours,
    startedAt: (ticket) => ticket.createdAt,
    isOver: (ticket) => ticket.status === 'closed',
  },
};

/** A ticket's clock. */
export function clockOf(ticket: Ticket, kind: SlaKind): SlaClock {
  return KINDS[kind].of(ticket);
}

/** A clock as fields of its ticket. */
export function clockFields(kind: SlaKind, clock: SlaClock): Partial<Ticket> {
  return KINDS[kind].fields(clock);
}

/** Whether a clock can still warn or break. */
export function isRunning({ status }: SlaClock): boolean {
  return status === 'pending' || status === 'warning';
}

/** The clocks of an open ticket under these settings, as fields: those that are over or broken stay as they are. */
export function scheduledClocks(ticket: Ticket, settings: SlaSettings): Partial<Ticket> {
  const fields = SLA_KINDS.map((kind) => clockFields(kind, schedule(ticket, kind, settings)));
  return Object.assign({ slaSettingsAt: settings.slaChangedAt ?? UNCHANGED_SETTINGS }, ...fields) as Partial<Ticket>;
}

/** Stands for settings that nobody has changed since the project was made. */
const UNCHANGED_SETTINGS = new Date(0);

function schedule(ticket: Ticket, kind: SlaKind, settings: SlaSettings): SlaClock {
  const { thresholdHours, startedAt, isOver } = KINDS[kind];
  const clock = clockOf(ticket, kind);
  if (clock.status === 'breached' || isOver(ticket)) {
    return clock;
  }
  const [hours, start] = [thresholdHours(settings), startedAt(ticket)];
  if (hours === null || start === null) {
    return { status: clock.status === 'none' ? 'none' : 'cancelled', dueAt: null, warnAt: null };
  }
  const dueAt = addBusinessTime(start, hours * HOUR_SECONDS, settings);
  const hasWarned = dueAt !== null && clock.warnAt === null && clock.dueAt?.getTime() === dueAt.getTime();
  if (dueAt === null || hasWarned) {
    return { status: hasWarned ? 'warning' : 'pending', dueAt, warnAt: null };
  }
  return { status: 'pending', dueAt, warnAt: addBusinessTime(start, hours * HOUR_SECONDS * WARNING_SHARE, settings) };
}

/**
 * What is looked up by time: when the next clock passes a mark, and the earlier of the due times that are still owed, also when
 * it is over already.
 */
export function dueTimes(ticket: Ticket): Pick<Ticket, 'slaNextAt' | 'slaDueAt'> {
  const running = SLA_KINDS.map((kind) => clockOf(ticket, kind)).filter(isRunning);
  const owed = SLA_KINDS.filter((kind) => !KINDS[kind].isOver(ticket))
    .map((kind) => clockOf(ticket, kind))
    .filter((clock) => isRunning(clock) || clock.status === 'breached');
  return {
    slaNextAt: earliest(running.map(({ warnAt, dueAt }) => warnAt ?? dueAt)),
    slaDueAt: ticket.status === 'closed' ? null : earliest(owed.map(({ dueAt }) => dueAt)),
  };
}

function earliest(times: ReadonlyArray<Date | null>): Date | null {
  const known = times.filter((time) => time !== null);
  return known.length === 0 ? null : new Date(Math.min(...known.map((time) => time.getTime())));
}
