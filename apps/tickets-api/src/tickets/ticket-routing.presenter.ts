import type { TicketRoutingPayload } from '#contracts';
import type { TicketRouting } from '#routing';

/** How a ticket was routed as the API shows it; null for one that was not yet. */
export function presentTicketRouting(routing: TicketRouting | null): TicketRoutingPayload {
  return {
    evaluated_at: routing?.evaluatedAt.toISOString() ?? null,
    winner_rule_id: routing?.winnerRuleId ?? null,
    rules: routing?.rules ?? [],
    applied: routing?.applied ?? [],
  };
}
