import { applyRuleActions } from './apply-rule-actions';
import type { RuleActions } from './apply-rule-actions';
import { NO_THRESHOLDS } from '../tickets-under-test-spec';
import { openTicket } from './open-ticket';
import { tagKey } from './tags';
import type { LockedTicket, Ticket } from './ticket';
import { TicketRevision } from './ticket-revision';

const SCOPE = { projectId: 'p', liveProjectId: 'p', isTest: false, clockOffsetMs: 0 };
const RULE = { type: 'rule', id: 'r', name: 'Refunds' } as const;
const OPENED_AT = new Date('2026-11-24T09:00:00.000Z');

function aTicket({ tags = [], ...changes }: Partial<Ticket> = {}): LockedTicket {
  const input = {
    text: 'Help',
    subject: null,
    channel: 'virtual',
    source: 'api',
    chatId: null,
    subscriberId: null,
    firstName: null,
    username: null,
    type: null,
    tags,
  } as const;
  const context = { scope: SCOPE, settings: NO_THRESHOLDS, cause: { actor: RULE, at: OPENED_AT } };
  return { ...openTicket(context, 1, input).ticket, customerReachable: true, ...changes };
}

function apply(ticket: LockedTicket, actions: RuleActions, canBeAssigned = true) {
  const revision = new TicketRevision(ticket, { actor: RULE, at: new Date('2026-11-24T09:00:01.000Z') }, NO_THRESHOLDS);
  const outcomes = applyRuleActions(revision, actions, canBeAssigned);
  return { outcomes, revision, ...revision.complete() };
}

const numbered = (count: number) => Array.from({ length: count }, (_, index) => `tag_${index}`);

describe('a rule', () => {
  it('does all of its actions as one change, each with its event and the rule as the doer', () => {
    const { ticket, events, outcomes, revision } = apply(aTicket(), {
      assignTo: 'agent',
      priority: 'high',
      addTags: ['VIP', 'vip', 'refund'],
    });
    expect(ticket).toMatchObject({ assignedTo: 'agent', priority: 'high', tags: ['VIP', 'refund'], version: 2 });
    expect(ticket.status).toBe('new');
    expect(events.map(({ definition, data }) => [definition.type, data.actor])).toEqual([
      ['ticket.assigned', RULE],
      ['ticket.priority_changed', RULE],
      ['ticket.tags_changed', RULE],
    ]);
    expect(outcomes).toEqual([
      { action: 'assign_to', skipped: null },
      { action: 'set_priority', skipped: null },
      { action: 'add_tag', skipped: null },
    ]);
    expect(revision.history.map(({ action }) => action)).toEqual(['assigned', 'priority_changed', 'tags_changed']);
  });

  it('leaves a person’s assignment, writes that down, and does the rest', () => {
    const { ticket, outcomes, revision } = apply(aTicket({ assignedTo: 'person' }), {
      assignTo: 'agent',
      priority: 'high',
    });
    expect(ticket).toMatchObject({ assignedTo: 'person', priority: 'high', version: 2 });
    expect(outcomes).toEqual([
      { action: 'assign_to', skipped: 'already_assigned' },
      { action: 'set_priority', skipped: null },
    ]);
    expect(revision.history[0]).toEqual({
      action: 'rule_action_skipped',
      field: 'assigned_to',
      from: null,
      to: { value: 'agent', reason: 'already_assigned' },
    });
  });

  it.each([
    ['a member who has left', aTicket(), { assignTo: 'agent' }, false, 'agent_not_found'],
    [
      'a member who has left, over a person’s choice',
      aTicket({ assignedTo: 'x' }),
      { assignTo: 'agent' },
      false,
      'already_assigned',
    ],
    ['tags beyond the 20th', aTicket(withTags(numbered(19))), { addTags: ['a', 'b'] }, true, 'too_many_tags'],
  ] as const)(
    'skips %s without a new version, for the ticket is what it was',
    (_name, before, actions, can, reason) => {
      const { ticket, events, outcomes, revision } = apply(before, actions, can);
      expect(outcomes.map(({ skipped }) => skipped)).toEqual([reason]);
      expect([ticket, events]).toEqual([before, []]);
      expect([revision.isChanged, revision.history.length]).toEqual([false, 1]);
    },
  );

  it.each([
    ['assigned to the very agent, who has left since', aTicket({ assignedTo: 'agent' }), { assignTo: 'agent' }, false],
    ['of that priority', aTicket({ priority: 'high' }), { priority: 'high' }, true],
    ['with the tags in another spelling, 20 in all', aTicket(withTags(numbered(20))), { addTags: ['TAG_3'] }, true],
  ] as const)('has nothing to do to a ticket that is %s', (_name, before, actions, can) => {
    const { outcomes, revision } = apply(before, actions, can);
    expect(outcomes.map(({ skipped }) => skipped)).toEqual([null]);
    expect(revision.history).toEqual([]);
  });

  it('fills a ticket up to the 20th tag', () => {
    const { ticket } = apply(aTicket(withTags(numbered(19))), { addTags: ['TAG_1', 'last'] });
    expect(ticket.tags).toEqual([...numbered(19), 'last']);
  });
});

function withTags(tags: readonly string[]): Partial<Ticket> {
  return { tags, tagKeys: tags.map(tagKey) };
}
