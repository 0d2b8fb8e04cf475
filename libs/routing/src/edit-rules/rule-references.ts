import { Injectable } from '@nestjs/common';
import type { RoutingAction, RoutingCondition } from '#contracts';
import type { Tx } from '#database';
import { AgentDirectory } from '#projects';
import { TicketTypeQuery } from '#settings';
import { requireAgent } from '#tickets';

/** The parts of a rule that name something else of the project. */
export interface RuleParts {
  readonly condition?: RoutingCondition;
  readonly action?: RoutingAction;
}

/** Refuses rules that name a stranger or a type that is not there: such a rule could never do what it says. */
@Injectable()
export class RuleReferences {
  constructor(
    private readonly agents: AgentDirectory,
    private readonly types: TicketTypeQuery,
  ) {}

  /**
   * @param path where the parts stand in the request, for the refusal: empty, or such as `rule.`.
   * @throws {DomainError} `validation_failed`.
   */
  async assertExist(tx: Tx, { condition, action }: RuleParts, path = ''): Promise<void> {
    const { ticket_type_id: typeId = null } = condition ?? {};
    await this.types.requireKept(tx, typeId, `${path}condition.ticket_type_id`);
    await requireAgent(this.agents, tx, action?.assign_to ?? null, `${path}action.assign_to`);
  }
}
