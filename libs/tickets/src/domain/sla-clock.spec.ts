import type { Cause, NewMessage, RevisionSettings } from './ticket-revision';
import { passSlaMarks, rescheduleClocks, tellUnanswered } from './keep-time';
import { openTicket } from './open-ticket';
import type { LockedTicket, Ticket } from './ticket';
import { toTicketPayload } from './ticket-payload';
import { TicketRevision } from './ticket-revision';

const SCOPE = {
  projectId: '019ab6c2-0000-7000-8000-000000000001',
  liveProjectId: '019ab6c2-0000-7000-8000-000000000001',
  isTest: false,
  clockOffsetMs: 0,
};
const KEY = { type: 'key', id: 'k', name: 'zn_live_1234' } as const;
const HOUR = 3_600_000;
const T0 = new Date('2026-11-24T09:00:00.000Z');
const hours = (count: number): Date => new Date(T0.getTime() + count * HOUR);

/** Four hours until the first reply, ten until the close. */
const FOUR_AND_TEN: RevisionSettings = {
  slaFirstReplyHours: 4,
  slaResolveHours: 10,
  timezone: 'UTC',
  businessHours: null,
  slaChangedAt: T0,
  helpdeskUnansweredHours: 24,
  csatEnabled: false,
  csatExpireDays: 7,
};
const settingsWith = (changes: Partial<RevisionSettings>): RevisionSettings => ({ ...FOUR_AND_TEN, ...changes });

function opened(settings = FOUR_AND_TEN): LockedTicket {
  const input = {
    text: 'Help',
    subject: null,
    channel: 'virtual' as const,
    source: 'api' as const,
    chatId: null,
    subscriberId: null,
    firstName: null,
    username: null,
    type: null,
  };
  return { ...openTicket({ scope: SCOPE, settings, cause: causeAt(T0) }, 1, input).ticket, customerReachable: true };
}

function causeAt(at: Date): Cause {
  return { actor: KEY, at };
}

/** The ticket and the types of events after a change at some time. */
function after(
  ticket: LockedTicket,
  at: Date,
  change: (revision: TicketRevision) => void,
  settings = FOUR_AND_TEN,
): { readonly ticket: LockedTicket; readonly events: readonly string[]; readonly revision: TicketRevision } {
  const revision = new TicketRevision(ticket, causeAt(at), settings);
  change(revision);
  const done = revision.complete();
  return { ticket: done.ticket, events: done.events.map(({ definition }) => definition.type), revision };
}

const said = (authorType: NewMessage['authorType']): NewMessage => ({
  authorType,
  authorId: null,
  authorName: null,
  text: 'text',
  deliveryStatus: 'none',
});
const reply = (revision: TicketRevision) => void revision.reply(said('agent'));
const close = (revision: TicketRevision) => revision.changeStatus('closed');
const reopen = (revision: TicketRevision) => revision.changeStatus('in_progress');
const sla = (ticket: Ticket) => {
  const { first_reply, resolve } = toTicketPayload(ticket).sla;
  return [first_reply.status, resolve.status];
};

describe('a new ticket', () => {
  it('has its due times, and warns after four fifths of them', () => {
    expect(opened()).toMatchObject({
      slaFirstReplyDueAt: hours(4),
      slaFirstReplyWarnAt: hours(3.2),
      slaFirstReplyStatus: 'pending',
      slaResolveDueAt: hours(10),
      slaResolveWarnAt: hours(8),
      slaResolveStatus: 'pending',
      slaDueAt: hours(4),
      slaNextAt: hours(3.2),
    });
  });

  it('has no clocks without thresholds', () => {
    const ticket = opened(settingsWith({ slaFirstReplyHours: null, slaResolveHours: null }));
    expect(sla(ticket)).toEqual(['none', 'none']);
    expect(ticket).toMatchObject({ slaFirstReplyDueAt: null, slaResolveDueAt: null, slaDueAt: null, slaNextAt: null });
  });

  it('counts only business hours', () => {
    const weekly = {
      mon: [],
      tue: [['09:00', '10:00']],
      wed: [['09:00', '17:00']],
      thu: [],
      fri: [],
      sat: [],
      sun: [],
    };
    const ticket = opened(
      settingsWith({ businessHours: { weekly, exceptions: [] } as never, timezone: 'Europe/Berlin' }),
    );
    // Tuesday's hour is over at 10:00 in Berlin, which is when the ticket comes in.
    expect(ticket.slaFirstReplyDueAt).toEqual(new Date('2026-11-25T12:00:00Z'));
  });

  it('waits without a due time where nobody ever works', () => {
    const weekly = { mon: [], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] };
    const ticket = opened(settingsWith({ businessHours: { weekly, exceptions: [] } }));
    expect(sla(ticket)).toEqual(['pending', 'pending']);
    expect(ticket).toMatchObject({ slaFirstReplyDueAt: null, slaNextAt: null });
  });
});

describe('the first reply', () => {
  it.each([
    ['at the very due time is in time', 4 * HOUR, 'met', []],
    ['a moment later is late, and that is told in the same step', 4 * HOUR + 1, 'breached', ['ticket.sla_breached']],
  ] as const)('%s', (_name, ms, status, alerts) => {
    const { ticket, events } = after(opened(), new Date(T0.getTime() + ms), reply);
    expect(sla(ticket)).toEqual([status, 'pending']);
    expect(events).toEqual([...alerts, 'ticket.replied', 'ticket.status_changed']);
    expect(ticket).toMatchObject({ slaDueAt: hours(10), slaNextAt: hours(8) });
  });

  it('is neither a note nor a machine’s answer', () => {
    for (const answer of [
      (revision: TicketRevision) => void revision.addNote(said('agent')),
      (revision: TicketRevision) => void revision.reply(said('ai')),
    ]) {
      expect(sla(after(opened(), hours(1), answer).ticket)).toEqual(['pending', 'pending']);
    }
  });

  it('that a product told to be late is told by the system, not by who answers', () => {
    const { revision } = after(opened(), hours(5), reply);
    const [breached, replied] = revision.complete().events;
    expect(breached?.data).toMatchObject({
      kind: 'first_reply',
      due_at: hours(4).toISOString(),
      actor: { type: 'system', id: null },
    });
    expect(replied?.data.actor).toEqual(KEY);
    expect(revision.history[0]).toMatchObject({
      action: 'sla_breached',
      field: 'sla.first_reply',
      from: { status: 'pending' },
      to: { status: 'breached' },
      actor: { type: 'system' },
    });
  });
});

describe('a close', () => {
  it.each([
    ['without a reply cancels the first clock', [close], ['cancelled', 'met']],
    ['after a reply', [reply, close], ['met', 'met']],
    ['with the reply', [(revision: TicketRevision) => void revision.reply(said('agent'), 'closed')], ['met', 'met']],
  ])('%s', (_name, changes, wanted) => {
    const ticket = changes.reduce((before, change) => after(before, hours(1), change).ticket, opened());
    expect(sla(ticket)).toEqual(wanted);
    expect(ticket).toMatchObject({ slaDueAt: null, slaNextAt: null });
  });

  it('after both due times, which nobody has noticed, tells of both', () => {
    const { ticket, events } = after(opened(), hours(11), close);
    expect(sla(ticket)).toEqual(['breached', 'breached']);
    expect(events).toEqual(['ticket.sla_breached', 'ticket.sla_breached', 'ticket.status_changed', 'ticket.closed']);
  });
});

const closedAt = (count: number, ticket = after(opened(), hours(1), reply).ticket): LockedTicket =>
  after(ticket, hours(count), close).ticket;

describe('a reopened ticket', () => {
  it('goes on with its clock as if it had never been closed', () => {
    const { ticket, events } = after(closedAt(2), hours(3), reopen);
    expect(sla(ticket)).toEqual(['met', 'pending']);
    expect(ticket).toMatchObject({ slaResolveDueAt: hours(10), slaNextAt: hours(8), slaDueAt: hours(10) });
    expect(events).toEqual(['ticket.status_changed', 'ticket.reopened']);
  });

  it('is late at once when its time is over meanwhile', () => {
    const { ticket, events } = after(closedAt(2), hours(11), reopen);
    expect(sla(ticket)).toEqual(['met', 'breached']);
    expect(events).toEqual(['ticket.status_changed', 'ticket.reopened', 'ticket.sla_breached']);
  });

  it('stays broken when it was', () => {
    const { ticket, events } = after(closedAt(11), hours(12), reopen);
    expect(sla(ticket)).toEqual(['met', 'breached']);
    expect(events).not.toContain('ticket.sla_breached');
    expect(ticket.slaDueAt).toEqual(hours(10));
  });

  it('does not warn again of the same due time', () => {
    const warned = after(after(opened(), hours(1), reply).ticket, hours(9), passSlaMarks);
    expect(warned.events).toEqual(['ticket.sla_warning']);
    const again = after(closedAt(9.1, warned.ticket), hours(9.2), reopen);
    expect(sla(again.ticket)).toEqual(['met', 'warning']);
    expect(again.events).toEqual(['ticket.status_changed', 'ticket.reopened']);
    expect(again.ticket.slaNextAt).toEqual(hours(10));
  });

  it('follows the thresholds of now', () => {
    const { ticket } = after(
      closedAt(2),
      hours(3),
      reopen,
      settingsWith({ slaResolveHours: 20, slaChangedAt: hours(2) }),
    );
    expect(ticket).toMatchObject({ slaResolveDueAt: hours(20), slaSettingsAt: hours(2) });
  });

  it('that was closed without a reply has no first clock any more', () => {
    const { ticket } = after(closedAt(1, opened()), hours(2), reopen);
    expect(sla(ticket)).toEqual(['cancelled', 'pending']);
    expect(sla(after(ticket, hours(3), reply).ticket)).toEqual(['cancelled', 'pending']);
  });
});

describe('a scan', () => {
  it.each([
    [3.2, ['pending', 'pending'], []],
    [3.3, ['warning', 'pending'], ['ticket.sla_warning']],
    [4.1, ['breached', 'pending'], ['ticket.sla_breached']],
    [8.1, ['breached', 'warning'], ['ticket.sla_breached', 'ticket.sla_warning']],
    [10.1, ['breached', 'breached'], ['ticket.sla_breached', 'ticket.sla_breached']],
  ])('after %s hours finds what has been passed', (count, wanted, alerts) => {
    const first = after(opened(), hours(count), passSlaMarks);
    expect(sla(first.ticket)).toEqual(wanted);
    expect(first.events).toEqual(alerts);
    const second = after(first.ticket, hours(count), passSlaMarks);
    expect(second.events).toEqual([]);
    expect(second.ticket.version).toBe(first.ticket.version);
  });

  it('leaves the due time first in the queue while the answer is owed', () => {
    const { ticket } = after(opened(), hours(5), passSlaMarks);
    expect(ticket).toMatchObject({ slaDueAt: hours(4), slaNextAt: hours(8), version: 2 });
  });
});

const reschedule = (ticket: LockedTicket, at: Date, settings: RevisionSettings) =>
  after(ticket, at, rescheduleClocks, settings);

describe('a change of thresholds or hours', () => {
  it('moves running clocks, with a line of history for each', () => {
    const settings = settingsWith({ slaFirstReplyHours: 2, slaChangedAt: hours(1) });
    const { ticket, events, revision } = reschedule(opened(), hours(1), settings);
    expect(ticket).toMatchObject({
      slaFirstReplyDueAt: hours(2),
      slaNextAt: hours(1.6),
      slaSettingsAt: hours(1),
      version: 2,
    });
    expect(events).toEqual([]);
    expect(revision.history).toMatchObject([{ action: 'sla_changed', field: 'sla.first_reply' }]);
  });

  it('that moves nothing leaves the version as it is', () => {
    const { ticket } = reschedule(
      opened(),
      hours(1),
      settingsWith({ timezone: 'Asia/Kolkata', slaChangedAt: hours(1) }),
    );
    expect(ticket).toMatchObject({ version: 1, slaSettingsAt: hours(1) });
  });

  it('breaks at once what is late by it, and warns of what is near', () => {
    const settings = settingsWith({ slaFirstReplyHours: 2, slaResolveHours: 4, slaChangedAt: hours(3) });
    const { ticket, events } = reschedule(opened(), hours(3.5), settings);
    expect(sla(ticket)).toEqual(['breached', 'warning']);
    expect(events).toEqual(['ticket.sla_breached', 'ticket.sla_warning']);
  });

  it('never mends what was broken', () => {
    const broken = after(opened(), hours(5), passSlaMarks).ticket;
    const { ticket } = reschedule(broken, hours(6), settingsWith({ slaFirstReplyHours: 100, slaChangedAt: hours(6) }));
    expect(ticket).toMatchObject({ slaFirstReplyStatus: 'breached', slaFirstReplyDueAt: hours(4) });
  });

  it('takes a warning back, and warns again of the new due time', () => {
    const warned = after(opened(), hours(3.5), passSlaMarks).ticket;
    const settings = settingsWith({ slaFirstReplyHours: 8, slaChangedAt: hours(3.6) });
    const moved = reschedule(warned, hours(3.6), settings);
    expect(sla(moved.ticket)).toEqual(['pending', 'pending']);
    expect(after(moved.ticket, hours(7), passSlaMarks).events).toEqual(['ticket.sla_warning']);
  });

  it('cancels a clock whose threshold is gone, and starts it when there is one again', () => {
    const without = settingsWith({ slaFirstReplyHours: null, slaChangedAt: hours(1) });
    const cancelled = reschedule(opened(), hours(1), without).ticket;
    expect(sla(cancelled)).toEqual(['cancelled', 'pending']);
    expect(cancelled.slaFirstReplyDueAt).toBeNull();
    const again = reschedule(cancelled, hours(2), settingsWith({ slaChangedAt: hours(2) })).ticket;
    expect(again).toMatchObject({ slaFirstReplyStatus: 'pending', slaFirstReplyDueAt: hours(4) });
  });

  it('starts the clocks of tickets that have been opened without', () => {
    const bare = opened(settingsWith({ slaFirstReplyHours: null, slaResolveHours: null, slaChangedAt: null }));
    expect(sla(reschedule(bare, hours(1), FOUR_AND_TEN).ticket)).toEqual(['pending', 'pending']);
    const answered = after(bare, hours(1), reply).ticket;
    expect(sla(reschedule(answered, hours(2), FOUR_AND_TEN).ticket)).toEqual(['none', 'pending']);
  });
});

describe('a customer whom nobody answers', () => {
  it('is told of once, until the waiting begins anew', () => {
    const first = after(opened(), hours(25), tellUnanswered);
    expect(first.events).toEqual(['ticket.unanswered_24h']);
    expect(after(opened(), hours(24), tellUnanswered).events).toEqual([]);
    expect(after(first.ticket, hours(25), tellUnanswered).events).toEqual([]);
    expect(first.revision.complete().events[0]?.data).toMatchObject({
      threshold_hours: 24,
      waiting_since: T0.toISOString(),
      waited_seconds: 25 * 3_600,
      actor: { type: 'system' },
    });
    const more = after(first.ticket, hours(26), (revision) => void revision.receive(said('customer'))).ticket;
    expect(after(more, hours(60), tellUnanswered).events).toEqual([]);
    const answered = after(more, hours(61), reply).ticket;
    expect(after(answered, hours(90), tellUnanswered).events).toEqual([]);
    const waitingAgain = after(answered, hours(91), (revision) => void revision.receive(said('customer'))).ticket;
    expect(after(waitingAgain, hours(120), tellUnanswered).events).toEqual(['ticket.unanswered_24h']);
  });
});
