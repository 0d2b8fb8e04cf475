import type { RoutingAction, RoutingCondition } from '#contracts';
import {
  checkWholeNumber,
  decodeCursor,
  DescribeSchema,
  Flag,
  isUuid,
  OneLine,
  PageQuery,
  Structured,
  WholeNumber,
} from '#platform';
import {
  checkAction,
  checkCondition,
  checkWholeRule,
  MAX_RULE_NAME,
  ORDER_INDEX,
  readAction,
  readCondition,
} from '#routing';
import type { RoutingRule, SimulationRequest } from '#routing';
import type { ConfigurationPageRequest, NewFields } from '#settings';
import { ACTION_SCHEMA, CONDITION_SCHEMA, EXAMPLE_RULE, RULE, WHOLE_RULE_SCHEMA } from './routing-rule.fields';

const CONDITION = { check: checkCondition, read: readCondition, schema: CONDITION_SCHEMA };
const ACTION = { check: checkAction, read: readAction, schema: ACTION_SCHEMA };

/** Tickets on which a simulation tries rules, unless told otherwise, and at most. */
const SIMULATED = { min: 1, max: 1000, default: 100 };

@DescribeSchema({ description: 'A new routing rule.' })
export class CreateRoutingRuleDto {
  @OneLine({ ...RULE.name, required: true, max: MAX_RULE_NAME })
  readonly name!: string;

  @Structured(CONDITION, { ...RULE.condition, required: true })
  readonly condition!: RoutingCondition;

  @Structured(ACTION, { ...RULE.action, required: true })
  readonly action!: RoutingAction;

  @WholeNumber({ ...RULE.order_index, ...ORDER_INDEX, default: 0 })
  readonly order_index?: number;

  @Flag({ ...RULE.enabled, description: `${RULE.enabled.description} Default: true.` })
  readonly enabled?: boolean;

  toFields(): NewFields<RoutingRule> {
    const { name, condition, action, order_index: orderIndex = 0, enabled = true } = this;
    return { name, condition, action, orderIndex, enabled };
  }
}

@DescribeSchema({ description: 'The fields of a routing rule to change; what is left out stays as it is.' })
export class UpdateRoutingRuleDto {
  @OneLine({ ...RULE.name, max: MAX_RULE_NAME })
  readonly name?: string;

  @Structured(CONDITION, RULE.condition)
  readonly condition?: RoutingCondition;

  @Structured(ACTION, RULE.action)
  readonly action?: RoutingAction;

  @WholeNumber({ ...RULE.order_index, ...ORDER_INDEX })
  readonly order_index?: number;

  @Flag(RULE.enabled)
  readonly enabled?: boolean;

  toChanges(): Partial<NewFields<RoutingRule>> {
    const { name, condition, action, order_index: orderIndex, enabled } = this;
    return { name, condition, action, orderIndex, enabled };
  }
}

export class RoutingRuleListQuery extends PageQuery {
  /** @throws {DomainError} `validation_failed` when the cursor belongs to another list, or offset comes with it. */
  toRequest(): ConfigurationPageRequest {
    this.assertOneWay();
    const { limit, offset, cursor } = this;
    return { limit, offset, after: cursor === undefined ? undefined : decodeCursor('routing-rules', cursor, placeOf) };
  }
}

/** The place of a rule in the order: its number, the millisecond in which it was made, and its id. */
function placeOf(value: unknown): readonly unknown[] | undefined {
  const [order, madeAt, id, ...rest] = Array.isArray(value) ? (value as unknown[]) : [];
  const isPlace = isWithin(order, ORDER_INDEX) && isWithin(madeAt, TIME) && isUuid(id);
  return isPlace && rest.length === 0 ? [order, madeAt, id] : undefined;
}

const TIME = { min: 0, max: Number.MAX_SAFE_INTEGER };

const isWithin = (value: unknown, bounds: typeof TIME): boolean => checkWholeNumber(bounds)(value) === null;

@DescribeSchema({ description: 'What to try on the latest tickets.' })
export class SimulateRoutingDto {
  @Structured(
    { check: checkWholeRule, schema: WHOLE_RULE_SCHEMA },
    {
      description:
        'A whole rule, which is tried alone and not saved. Without it, the rules that are saved and enabled are tried as they would be on a new ticket.',
      example: {
        name: EXAMPLE_RULE.name,
        condition: EXAMPLE_RULE.condition,
        action: { set_priority: 'high' },
      },
    },
  )
  readonly rule?: Pick<RoutingRule, 'condition' | 'action'>;

  @WholeNumber({ description: 'How many of the latest tickets to try it on.', example: 100, ...SIMULATED })
  readonly last?: number;

  toRequest(): SimulationRequest {
    const { rule, last = SIMULATED.default } = this;
    return {
      last,
      rule: rule && { condition: readCondition(rule.condition), action: readAction(rule.action) },
    };
  }
}
