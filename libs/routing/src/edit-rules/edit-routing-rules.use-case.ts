import { Injectable } from '@nestjs/common';
import type { Actor } from '#contracts';
import type { ProjectScope } from '#database';
import { ConfigurationObjects } from '#settings';
import type { NewFields, ObjectCommand } from '#settings';
import type { RoutingRule } from '../domain/routing-rule';
import { ROUTING_RULES } from '../persistence/routing-rule.kind';
import { RuleReferences } from './rule-references';

/** Makes, changes and deletes routing rules. Tickets that were routed stay as they are, with the rules as they were. */
@Injectable()
export class EditRoutingRules {
  constructor(
    private readonly objects: ConfigurationObjects,
    private readonly references: RuleReferences,
  ) {}

  /** @throws {DomainError} `validation_failed` for what the rule names and is not there, `conflict` when there are too many. */
  async create(scope: ProjectScope, actor: Actor, fields: NewFields<RoutingRule>): Promise<RoutingRule> {
    return this.objects.create(scope, ROUTING_RULES, { actor, fields }, (tx, rule) =>
      this.references.assertExist(tx, rule),
    );
  }

  /**
   * Condition and action are replaced as a whole. What they name is looked up when they are given, so a rule whose member has left
   * can still be switched off.
   * @throws {DomainError} `routing_rule_not_found`, `validation_failed`.
   */
  async update(
    scope: ProjectScope,
    command: ObjectCommand,
    given: Partial<NewFields<RoutingRule>>,
  ): Promise<RoutingRule> {
    return this.objects.update(scope, ROUTING_RULES, { ...command, given }, (tx) =>
      this.references.assertExist(tx, given),
    );
  }

  /** @throws {DomainError} `routing_rule_not_found`. */
  async delete(scope: ProjectScope, command: ObjectCommand): Promise<void> {
    return this.objects.delete(scope, ROUTING_RULES, command);
  }
}
