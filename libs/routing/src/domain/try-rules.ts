import type { RoutingRuleResult } from '#contracts';
import { explainMatch, matches, readyCondition, readyFacts } from './match-rule';
import type { TicketFacts } from './match-rule';
import type { RoutingRule } from './routing-rule';

/** What came of trying all rules on a ticket. */
export interface TriedRules {
  /** The first that matches. */
  readonly winner: RoutingRule | null;
  /** All of them in their order, those behind the winner as well: that they would have matched is worth knowing. */
  readonly results: readonly RoutingRuleResult[];
}

/** Tries rules, which come in their order, on a ticket. */
export function tryRules(rules: readonly RoutingRule[], facts: TicketFacts): TriedRules {
  const ready = readyFacts(facts);
  const results = rules.map(({ id, name, condition }) => {
    const parts = readyCondition(condition);
    return { rule_id: id, name, matched: matches(parts, ready), conditions: explainMatch(parts, ready) };
  });
  return { winner: rules[results.findIndex(({ matched }) => matched)] ?? null, results };
}
