import type { RoutingActionKey, RoutingSkipReason, TicketPriority } from '#contracts';
import { assign, setPriority, setTags } from './edit-ticket';
import { MAX_TAGS, uniqueTags } from './tags';
import type { TicketRevision } from './ticket-revision';

/** What a routing rule wants of a ticket; undefined is not asked for. */
export interface RuleActions {
  readonly assignTo?: string;
  readonly priority?: TicketPriority;
  readonly addTags?: readonly string[];
}

/** What became of one of them; null: the ticket is now as the rule wants it. */
export interface RuleActionOutcome {
  readonly action: RoutingActionKey;
  readonly skipped: RoutingSkipReason | null;
}

/**
 * Does what a rule wants as far as it is possible; what is not is left, with a line of history. A person's assignment stays.
 * @param canBeAssigned whether the member of `assignTo` may still answer.
 */
export function applyRuleActions(
  revision: TicketRevision,
  { assignTo, priority, addTags }: RuleActions,
  canBeAssigned: boolean,
): RuleActionOutcome[] {
  const outcomes: RuleActionOutcome[] = [];
  if (assignTo !== undefined) {
    outcomes.push({ action: 'assign_to', skipped: assignByRule(revision, assignTo, canBeAssigned) });
  }
  if (priority !== undefined) {
    setPriority(revision, priority);
    outcomes.push({ action: 'set_priority', skipped: null });
  }
  if (addTags !== undefined) {
    outcomes.push({ action: 'add_tag', skipped: addTagsByRule(revision, addTags) });
  }
  return outcomes;
}

function assignByRule(revision: TicketRevision, agentId: string, canBeAssigned: boolean): RoutingSkipReason | null {
  const { assignedTo } = revision.current;
  if (assignedTo !== null && assignedTo !== agentId) {
    return skip(revision, 'assigned_to', agentId, 'already_assigned');
  }
  if (assignedTo === null && !canBeAssigned) {
    return skip(revision, 'assigned_to', agentId, 'agent_not_found');
  }
  assign(revision, agentId);
  return null;
}

/** All of them or none: half of a rule's tags would be a state that nobody has asked for. */
function addTagsByRule(revision: TicketRevision, added: readonly string[]): RoutingSkipReason | null {
  const tags = uniqueTags([...revision.current.tags, ...added]);
  if (tags.length > MAX_TAGS) {
    return skip(revision, 'tags', added, 'too_many_tags');
  }
  setTags(revision, tags);
  return null;
}

function skip(revision: TicketRevision, field: string, value: unknown, reason: RoutingSkipReason): RoutingSkipReason {
  revision.remark({ action: 'rule_action_skipped', field, from: null, to: { value, reason } });
  return reason;
}
