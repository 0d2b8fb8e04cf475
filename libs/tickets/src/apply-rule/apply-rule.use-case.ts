import { Injectable } from '@nestjs/common';
import type { Tx } from '#database';
import { AgentDirectory } from '#projects';
import type { TicketSettings } from '#settings';
import { ChangeTicket } from '../change-ticket/change-ticket';
import { applyRuleActions } from '../domain/apply-rule-actions';
import type { RuleActionOutcome, RuleActions } from '../domain/apply-rule-actions';
import { TicketRepository } from '../persistence/ticket.repository';

/** Which rule has won which ticket. */
export interface ApplyRuleCommand {
  readonly ticketId: string;
  readonly rule: { readonly id: string; readonly name: string };
  readonly actions: RuleActions;
  /** The project's, under which the ticket changes. */
  readonly settings: TicketSettings;
}

/** Does to a ticket what a routing rule says, as one change of the ticket, whose doer is the rule. */
@Injectable()
export class ApplyRule {
  constructor(
    private readonly changeTicket: ChangeTicket,
    private readonly tickets: TicketRepository,
    private readonly agents: AgentDirectory,
  ) {}

  /** In the caller's transaction, which commits it; null when the ticket is gone. */
  async execute(
    tx: Tx,
    { ticketId, rule, actions, settings }: ApplyRuleCommand,
  ): Promise<readonly RuleActionOutcome[] | null> {
    const { assignTo } = actions;
    // The member is looked up behind the lock, for which it may have to wait.
    const [ticket, agent] = await Promise.all([
      this.tickets.lock(tx, ticketId),
      assignTo === undefined ? null : this.agents.find(tx, assignTo),
    ]);
    if (!ticket) {
      return null;
    }
    const actor = { type: 'rule', id: rule.id, name: rule.name } as const;
    const revision = this.changeTicket.revise(tx.scope, ticket, actor, settings);
    const outcomes = applyRuleActions(revision, actions, agent !== null);
    if (revision.history.length > 0) {
      await this.tickets.update(tx, revision);
    }
    return outcomes;
  }
}
