import type { RoutingRulePayload } from '#contracts';
import { encodeCursor, presentList } from '#platform';
import type { PageRequest } from '#platform';
import type { RoutingRule, Simulation } from '#routing';
import type { ConfigurationPage } from '#settings';

/** What rules would have done, as the API shows it. */
export interface SimulationPayload {
  readonly tested: number;
  readonly matched: number;
  readonly results: ReadonlyArray<{
    readonly ticket_id: string;
    readonly ticket_number: number;
    readonly matched: boolean;
    readonly winner_rule_id: string | null;
  }>;
  readonly by_rule: ReadonlyArray<{ readonly rule_id: string | null; readonly wins: number }>;
}

/** A rule as the API shows it. */
export function presentRoutingRule(rule: RoutingRule): RoutingRulePayload {
  const { id, name, condition, action, orderIndex, enabled, createdAt, updatedAt } = rule;
  return {
    id,
    name,
    condition,
    action,
    order_index: orderIndex,
    enabled,
    created_at: createdAt.toISOString(),
    updated_at: updatedAt.toISOString(),
  };
}

/** The list envelope of rules. */
export function presentRoutingRules({ items, total, next }: ConfigurationPage<RoutingRule>, request: PageRequest) {
  const nextCursor = next ? encodeCursor('routing-rules', next) : null;
  return presentList('routing_rules', items.map(presentRoutingRule), request, { total, nextCursor });
}

/** A simulation as the API shows it. */
export function presentSimulation({ tickets, byRule }: Simulation): SimulationPayload {
  return {
    tested: tickets.length,
    matched: tickets.filter(({ matched }) => matched).length,
    results: tickets.map(({ ticketId, ticketNumber, matched, winnerRuleId }) => ({
      ticket_id: ticketId,
      ticket_number: ticketNumber,
      matched,
      winner_rule_id: winnerRuleId,
    })),
    by_rule: byRule.map(({ ruleId, wins }) => ({ rule_id: ruleId, wins })),
  };
}
