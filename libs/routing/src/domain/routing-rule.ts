import type { RoutingAction, RoutingCondition } from '#contracts';
import type { ConfigurationRow } from '#settings';

/** Most rules that a project can have. */
export const MAX_RULES = 100;
/** Most UTF-16 code units of a rule's name. */
export const MAX_RULE_NAME = 100;
/** Bounds of the number by which rules are ordered. */
export const ORDER_INDEX = { min: -1_000_000, max: 1_000_000 };
/** Most values that a part of a condition can name. */
export const MAX_VALUES = 20;
/** Most UTF-16 code units of one of them. */
export const MAX_VALUE = 200;

/** A routing rule. */
export interface RoutingRule extends ConfigurationRow {
  readonly name: string;
  readonly condition: RoutingCondition;
  readonly action: RoutingAction;
  /** The rule with the smallest is tried first; of several with the same, the oldest. */
  readonly orderIndex: number;
  readonly enabled: boolean;
}
