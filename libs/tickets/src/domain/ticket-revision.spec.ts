import { TICKET_STATUSES } from '#contracts';
import type { TicketStatus } from '#contracts';
import { setSubject, setTags, setType } from './edit-ticket';
import { openTicket } from './open-ticket';
import type { LockedTicket, Ticket } from './ticket';
import { TicketRevision } from './ticket-revision';
import type { NewMessage, RevisionSettings } from './ticket-revision';

const SCOPE = {
  projectId: '019ab6c2-0000-7000-8000-000000000001',
  liveProjectId: '019ab6c2-0000-7000-8000-000000000001',
  isTest: false,
  clockOffsetMs: 0,
};
const ACTOR = { type: 'key', id: 'k', name: 'zn_live_1234' } as const;
const SETTINGS: RevisionSettings = {
  slaFirstReplyHours: null,
  slaResolveHours: null,
  timezone: 'UTC',
  businessHours: null,
  slaChangedAt: null,
  helpdeskUnansweredHours: null,
  csatEnabled: false,
  csatExpireDays: 7,
};
const T0 = new Date('2026-11-24T09:00:00.000Z');
const T1 = new Date('2026-11-24T09:10:00.000Z');
const T2 = new Date('2026-11-24T09:20:00.000Z');

function aTicket(changes: Partial<Ticket> = {}): LockedTicket {
  const input = {
    text: 'Help',
    subject: null,
    channel: 'virtual' as const,
    source: 'api' as const,
    chatId: null,
    subscriberId: null,
    firstName: 'Ivan',
    username: null,
    type: null,
  };
  const context = { scope: SCOPE, settings: SETTINGS, cause: { actor: ACTOR, at: T0 } };
  return { ...openTicket(context, 1, input).ticket, customerReachable: true, ...changes };
}

function inStatus(status: TicketStatus): LockedTicket {
  return aTicket({ status, closedAt: status === 'closed' ? T0 : null, waitingSince: status === 'closed' ? null : T0 });
}

const revise = (ticket: LockedTicket, at = T1) => new TicketRevision(ticket, { actor: ACTOR, at }, SETTINGS);
const said = (authorType: NewMessage['authorType']): NewMessage => ({
  authorType,
  authorId: null,
  authorName: null,
  text: 'text',
  deliveryStatus: 'none',
});
const eventTypes = (revision: TicketRevision) => revision.complete().events.map((event) => event.definition.type);

describe('a change of status', () => {
  const pairs = TICKET_STATUSES.flatMap((from) => TICKET_STATUSES.map((to) => [from, to] as const));

  it.each(pairs)('%s → %s', (from, to) => {
    const revision = revise(inStatus(from));
    revision.changeStatus(to);
    const { ticket } = revision.complete();
    expect(ticket.status).toBe(to);
    expect(ticket.closedAt).toEqual(to === 'closed' ? (from === 'closed' ? T0 : T1) : null);
    expect(ticket.reopenCount).toBe(from === 'closed' && to !== 'closed' ? 1 : 0);
    expect(ticket.waitingSince).toEqual(from === 'closed' || to === 'closed' ? null : T0);
    const events = from === to ? [] : ['ticket.status_changed'];
    if (from !== to && to === 'closed') events.push('ticket.closed');
    if (from !== to && from === 'closed') events.push('ticket.reopened');
    expect(eventTypes(revision)).toEqual(events);
    expect(ticket.version).toBe(from === to ? 1 : 2);
  });
});

describe('an agent’s public answer', () => {
  it.each([
    ['new', undefined, 'waiting'],
    ['in_progress', undefined, 'waiting'],
    ['waiting', undefined, 'waiting'],
    ['closed', undefined, 'closed'],
    ['new', 'in_progress', 'in_progress'],
    ['in_progress', 'closed', 'closed'],
    ['closed', 'in_progress', 'in_progress'],
  ] as const)('on a ticket that is %s, with status %s given, leaves it %s', (from, given, to) => {
    const revision = revise(inStatus(from));
    revision.reply(said('agent'), given);
    expect(revision.complete().ticket.status).toBe(to);
  });

  it('ends the waiting and is the first reply only once', () => {
    const first = revise(aTicket());
    first.reply(said('agent'));
    const second = revise(first.complete().ticket, T2);
    second.reply(said('agent'));
    expect(second.complete().ticket).toMatchObject({
      firstReplyAt: T1,
      waitingSince: null,
      lastMessageFrom: 'agent',
      messageCount: 3,
    });
  });

  it('does not count as the first human reply when a machine wrote it', () => {
    const revision = revise(aTicket());
    revision.reply(said('ai'));
    expect(revision.complete().ticket).toMatchObject({ firstReplyAt: null, waitingSince: null });
  });

  it('fires its events in the order in which things happened, with one version and rising sequences', () => {
    const revision = revise(aTicket());
    revision.reply(said('agent'), 'closed');
    const { ticket, events } = revision.complete();
    expect(events.map(({ definition, sequence }) => [sequence, definition.type])).toEqual([
      [2, 'ticket.replied'],
      [3, 'ticket.status_changed'],
      [4, 'ticket.closed'],
    ]);
    expect(new Set(events.map(({ data }) => data.ticket.version))).toEqual(new Set([ticket.version]));
    expect(ticket).toMatchObject({ version: 2, eventSeq: 4 });
  });
});

describe('a customer’s message', () => {
  it.each([
    ['new', 'new'],
    ['in_progress', 'in_progress'],
    ['waiting', 'in_progress'],
    ['closed', 'in_progress'],
  ] as const)('on a ticket that is %s leaves it %s', (from, to) => {
    const revision = revise(inStatus(from));
    revision.receive(said('customer'));
    expect(revision.complete().ticket.status).toBe(to);
  });

  it('waits since the oldest unanswered message', () => {
    const revision = revise(aTicket({ waitingSince: T0 }), T2);
    revision.receive(said('customer'));
    expect(revision.complete().ticket.waitingSince).toEqual(T0);
  });

  it('on a closed ticket waits since that message', () => {
    const revision = revise(inStatus('closed'), T2);
    revision.receive(said('customer'));
    expect(revision.complete().ticket).toMatchObject({ waitingSince: T2, closedAt: null, reopenCount: 1 });
    expect(eventTypes(revision)).toEqual(['ticket.replied', 'ticket.status_changed', 'ticket.reopened']);
  });
});

describe('several fields in one step', () => {
  it('are told of by one event of each kind, with every field that changed', () => {
    const revision = revise(aTicket({ subject: 'Old', tags: ['a'], tagKeys: ['a'] }));
    setType(revision, { id: 't', name: 'Bug' });
    setTags(revision, []);
    setSubject(revision, 'New');
    const { events, ticket } = revision.complete();
    expect(events.map(({ sequence, definition, data }) => [sequence, definition.type, data.changes])).toEqual([
      [2, 'ticket.updated', { ticket_type_id: { from: null, to: 't' }, subject: { from: 'Old', to: 'New' } }],
      [3, 'ticket.tags_changed', { tags: { from: ['a'], to: [] } }],
    ]);
    expect(ticket).toMatchObject({ eventSeq: 3, version: 2 });
    expect(revision.history.map(({ field }) => field)).toEqual(['ticket_type_id', 'tags', 'subject']);
  });
});

describe('tags', () => {
  it('that the ticket has already keep their spelling, and are no change by themselves', () => {
    const before = aTicket({ tags: ['VIP', 'x'], tagKeys: ['vip', 'x'] });
    const same = revise(before);
    setTags(same, ['vip', 'X']);
    expect(same.isChanged).toBe(false);
    const fewer = revise(before);
    setTags(fewer, ['vip', 'Y', 'y']);
    expect(fewer.complete().ticket).toMatchObject({ tags: ['VIP', 'Y'], tagKeys: ['vip', 'y'] });
  });
});

describe('a closed ticket that goes on in a new one', () => {
  it('remembers it without having changed, and forgets it when it is opened again', () => {
    const closed = revise(inStatus('closed'));
    closed.continueIn('next');
    const { ticket, events } = closed.complete();
    expect([ticket.continuedIn, ticket.version, events]).toEqual(['next', 1, []]);
    const reopened = revise(ticket);
    reopened.changeStatus('in_progress');
    expect(reopened.complete().ticket.continuedIn).toBeNull();
  });
});

describe('an internal note', () => {
  it('changes nothing but the count, and is no reply', () => {
    const before = aTicket();
    const revision = revise(before);
    revision.addNote(said('agent'));
    const { ticket } = revision.complete();
    expect(ticket).toEqual({ ...before, noteCount: 1, version: 2, eventSeq: 2, updatedAt: T1 });
    expect(eventTypes(revision)).toEqual(['ticket.note_added']);
  });

  it('may carry the agent’s own change of status', () => {
    const revision = revise(aTicket());
    revision.addNote(said('agent'), 'closed');
    expect(eventTypes(revision)).toEqual(['ticket.note_added', 'ticket.status_changed', 'ticket.closed']);
  });
});
