import type { Channel, TicketPriority } from './ticket';

/** What a routing rule can ask of a ticket, in the order in which an explanation names it. */
export const ROUTING_CONDITION_KEYS = ['channel', 'subject_contains', 'text_contains', 'ticket_type_id'] as const;
export type RoutingConditionKey = (typeof ROUTING_CONDITION_KEYS)[number];

/** When a rule matches: everything that is given must hold, and of a list any value. At least one key is given. */
export interface RoutingCondition {
  readonly channel?: Channel;
  readonly subject_contains?: string | readonly string[];
  readonly text_contains?: string | readonly string[];
  readonly ticket_type_id?: string;
}

/** What a routing rule can do to a ticket, in the order in which it does it. */
export const ROUTING_ACTION_KEYS = ['assign_to', 'set_priority', 'add_tag'] as const;
export type RoutingActionKey = (typeof ROUTING_ACTION_KEYS)[number];

/** What a rule does to the ticket that it wins. At least one key is given. */
export interface RoutingAction {
  readonly assign_to?: string;
  readonly set_priority?: TicketPriority;
  readonly add_tag?: string | readonly string[];
}

/** A routing rule as the API shows it. */
export interface RoutingRulePayload {
  readonly id: string;
  readonly name: string;
  readonly condition: RoutingCondition;
  readonly action: RoutingAction;
  readonly order_index: number;
  readonly enabled: boolean;
  readonly created_at: string;
  readonly updated_at: string;
}

/**
 * Why an action of a rule was not done: somebody has assigned the ticket already, the member cannot be assigned any more, or the
 * ticket would carry more tags than it may.
 */
export const ROUTING_SKIP_REASONS = ['already_assigned', 'agent_not_found', 'too_many_tags'] as const;
export type RoutingSkipReason = (typeof ROUTING_SKIP_REASONS)[number];

/** One part of a rule's condition beside what the ticket had there; of a long text, `actual` is the beginning. */
export interface RoutingConditionResult {
  readonly key: RoutingConditionKey;
  readonly expected: string | readonly string[];
  readonly actual: string | null;
  readonly matched: boolean;
}

/** A rule as it was when the ticket was routed, and whether the ticket matched. */
export interface RoutingRuleResult {
  readonly rule_id: string;
  readonly name: string;
  readonly matched: boolean;
  readonly conditions: readonly RoutingConditionResult[];
}

/** What became of one action of the rule that won. */
export interface RoutingActionResult {
  readonly action: RoutingActionKey;
  readonly value: string | readonly string[];
  readonly done: boolean;
  /** Null for what was done. */
  readonly reason: RoutingSkipReason | null;
}

/** How a ticket was routed; before that, null and empty lists. */
export interface TicketRoutingPayload {
  readonly evaluated_at: string | null;
  readonly winner_rule_id: string | null;
  readonly rules: readonly RoutingRuleResult[];
  readonly applied: readonly RoutingActionResult[];
}
