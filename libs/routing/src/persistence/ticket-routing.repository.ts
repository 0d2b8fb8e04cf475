import { Injectable } from '@nestjs/common';
import type { RoutingActionResult, RoutingRuleResult } from '#contracts';
import type { Tx } from '#database';

/** How a ticket was routed. */
export interface TicketRouting {
  readonly ticketId: string;
  readonly evaluatedAt: Date;
  readonly winnerRuleId: string | null;
  readonly rules: readonly RoutingRuleResult[];
  readonly applied: readonly RoutingActionResult[];
}

/** The one writer of routings. A ticket has one for ever: storing a second is an error, and undoes what went with it. */
@Injectable()
export class TicketRoutingRepository {
  async exists(tx: Tx, ticketId: string): Promise<boolean> {
    const rows = await tx.query({
      name: 'ticket-routing-exists',
      text: 'SELECT FROM ticket_routing WHERE project_id = $1 AND ticket_id = $2',
      values: [tx.scope.projectId, ticketId],
    });
    return rows.length > 0;
  }

  /** Stores how a ticket was routed, unless the ticket is gone. */
  async insert(tx: Tx, { ticketId, evaluatedAt, winnerRuleId, rules, applied }: TicketRouting): Promise<void> {
    await tx.query({
      name: 'ticket-routing-insert',
      text: `INSERT INTO ticket_routing (project_id, ticket_id, evaluated_at, winner_rule_id, rules, applied)
             SELECT project_id, id, $3, $4, $5, $6 FROM ticket WHERE project_id = $1 AND id = $2 FOR KEY SHARE`,
      values: [tx.scope.projectId, ticketId, evaluatedAt, winnerRuleId, JSON.stringify(rules), JSON.stringify(applied)],
    });
  }

  /** How the ticket was routed, null when it was not yet, undefined when there is no such ticket. */
  async find(tx: Tx, ticketId: string): Promise<TicketRouting | null | undefined> {
    const [row] = await tx.query<Omit<TicketRouting, 'evaluatedAt'> & { readonly evaluatedAt: Date | null }>({
      text: `SELECT t.id AS "ticketId", r.evaluated_at AS "evaluatedAt", r.winner_rule_id AS "winnerRuleId", r.rules, r.applied
             FROM ticket t LEFT JOIN ticket_routing r ON r.project_id = t.project_id AND r.ticket_id = t.id
             WHERE t.project_id = $1 AND t.id = $2`,
      values: [tx.scope.projectId, ticketId],
    });
    if (!row) {
      return undefined;
    }
    const { evaluatedAt, ...routing } = row;
    return evaluatedAt === null ? null : { ...routing, evaluatedAt };
  }
}
