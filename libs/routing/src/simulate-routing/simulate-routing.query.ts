import { setImmediate } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '#database';
import type { ProjectScope, Tx } from '#database';
import { RecentOpenings } from '#tickets';
import type { TicketOpening } from '#tickets';
import { matches, readyCondition, readyFacts } from '../domain/match-rule';
import type { ReadyCondition } from '../domain/match-rule';
import type { RoutingRule } from '../domain/routing-rule';
import { RuleReferences } from '../edit-rules/rule-references';
import { ListRoutingRules } from '../list-rules/list-routing-rules.query';

/** What to try, and on how many of the latest tickets. */
export interface SimulationRequest {
  /** A rule that is not saved, tried alone; without it the rules that are saved and enabled are tried as they would be. */
  readonly rule?: Pick<RoutingRule, 'condition' | 'action'>;
  readonly last: number;
}

/** A ticket, and which rule it would have gone to; null also for the rule that is not saved, which has no id. */
export interface SimulatedTicket {
  readonly ticketId: string;
  readonly ticketNumber: number;
  readonly matched: boolean;
  readonly winnerRuleId: string | null;
}

/** What would have happened. */
export interface Simulation {
  readonly tickets: readonly SimulatedTicket[];
  /** How many tickets each rule would have won, in the rules' order; those without one among them. */
  readonly byRule: ReadonlyArray<{ readonly ruleId: string | null; readonly wins: number }>;
}

interface Contender {
  readonly id: string | null;
  readonly condition: ReadyCondition;
}

/** Tickets that are tried in one go, before whatever else waits in the process has its turn. */
const TICKETS_AT_ONCE = 10;

/** Tries rules on tickets that are there, and changes nothing. */
@Injectable()
export class SimulateRouting {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly rules: ListRoutingRules,
    private readonly references: RuleReferences,
    private readonly openings: RecentOpenings,
  ) {}

  /** @throws {DomainError} `validation_failed` when the rule could not be saved, for what it names is not there. */
  async execute(scope: ProjectScope, { rule, last }: SimulationRequest): Promise<Simulation> {
    const contenders = await this.uow.run(scope, (tx) => this.contenders(tx, rule));
    const tickets: SimulatedTicket[] = [];
    const winners: Array<Contender | undefined> = [];
    for (const [index, opening] of (await this.openings.latest(scope, last)).entries()) {
      if (index > 0 && index % TICKETS_AT_ONCE === 0) {
        await setImmediate();
      }
      const winner = winnerOf(contenders, opening);
      winners.push(winner);
      tickets.push({
        ticketId: opening.id,
        ticketNumber: opening.ticketNumber,
        matched: winner !== undefined,
        winnerRuleId: winner?.id ?? null,
      });
    }
    const winsOf = (one: Contender) => winners.filter((winner) => winner === one).length;
    return { tickets, byRule: contenders.map((one) => ({ ruleId: one.id, wins: winsOf(one) })) };
  }

  private async contenders(tx: Tx, rule: SimulationRequest['rule']): Promise<Contender[]> {
    if (rule) {
      await this.references.assertExist(tx, rule, 'rule.');
      return [{ id: null, condition: readyCondition(rule.condition) }];
    }
    return (await this.rules.enabled(tx)).map(({ id, condition }) => ({ id, condition: readyCondition(condition) }));
  }
}

/** The first that matches. */
function winnerOf(contenders: readonly Contender[], opening: TicketOpening): Contender | undefined {
  const facts = readyFacts(opening);
  return contenders.find(({ condition }) => matches(condition, facts));
}
