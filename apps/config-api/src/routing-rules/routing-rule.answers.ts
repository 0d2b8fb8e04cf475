import { ApiProperty } from '@nestjs/swagger';
import type { ApiPropertyOptions } from '@nestjs/swagger';
import type { RoutingAction, RoutingCondition, RoutingRulePayload } from '#contracts';
import { DescribeSchema, listOf } from '#platform';
import { MAX_RULE_NAME } from '#routing';
import { ACTION_SCHEMA, CONDITION_SCHEMA, EXAMPLE_RULE, ORDER_INDEX_SCHEMA, RULE } from './routing-rule.fields';
import type { SimulationPayload } from './routing-rule.presenter';

const EXAMPLE_TICKET_ID = '019ab6c2-7a10-7c3e-9a55-1f2d3c4b5a69';

/** A field of a rule as it is answered: always there. */
function Rule(name: keyof typeof RULE, schema: object): PropertyDecorator {
  return ApiProperty({ ...schema, ...RULE[name] } as ApiPropertyOptions);
}

const time = (description: string) => ({
  type: String,
  format: 'date-time',
  description,
  example: EXAMPLE_RULE.created_at,
});
const count = (description: string, example: number) => ({
  type: 'integer' as const,
  minimum: 0,
  description,
  example,
});
const ruleId = (description: string) => ({ type: String, format: 'uuid', description, example: EXAMPLE_RULE.id });
const winnerId = (description: string) => ({ ...ruleId(description), nullable: true });

@DescribeSchema({ description: 'A rule by which new tickets are routed.', example: EXAMPLE_RULE })
export class RoutingRuleDto implements RoutingRulePayload {
  @ApiProperty(ruleId('The rule.'))
  readonly id!: string;

  @Rule('name', { type: String, maxLength: MAX_RULE_NAME })
  readonly name!: string;

  @Rule('condition', CONDITION_SCHEMA)
  readonly condition!: RoutingCondition;

  @Rule('action', ACTION_SCHEMA)
  readonly action!: RoutingAction;

  @Rule('order_index', ORDER_INDEX_SCHEMA)
  readonly order_index!: number;

  @Rule('enabled', { type: Boolean })
  readonly enabled!: boolean;

  @ApiProperty(time('When it was made.'))
  readonly created_at!: string;

  @ApiProperty(time('When it was changed last.'))
  readonly updated_at!: string;
}

@DescribeSchema({ description: 'One page of routing rules, in the order in which they are tried.' })
export class RoutingRuleListDto extends listOf('routing_rules', RoutingRuleDto) {}

type SimulatedTicketPayload = SimulationPayload['results'][number];
type RuleWinsPayload = SimulationPayload['by_rule'][number];

@DescribeSchema({ description: 'A ticket on which rules were tried.' })
class SimulatedTicketDto implements SimulatedTicketPayload {
  @ApiProperty({ type: String, format: 'uuid', description: 'The ticket.', example: EXAMPLE_TICKET_ID })
  readonly ticket_id!: string;

  @ApiProperty({ ...count('Its number in the project.', 42), minimum: 1 })
  readonly ticket_number!: number;

  @ApiProperty({ type: Boolean, description: 'Whether a rule matches.', example: true })
  readonly matched!: boolean;

  @ApiProperty(
    winnerId('The first rule that matches; null for none, and for the rule of the request, which has no id.'),
  )
  readonly winner_rule_id!: string | null;
}

@DescribeSchema({ description: 'How many of the tickets a rule wins.' })
class RuleWinsDto implements RuleWinsPayload {
  @ApiProperty(winnerId('The rule; null for the rule of the request, which has no id.'))
  readonly rule_id!: string | null;

  @ApiProperty(count('The tickets that it wins.', 7))
  readonly wins!: number;
}

@DescribeSchema({ description: 'What rules would have done. Nothing was changed.' })
export class SimulationDto implements SimulationPayload {
  @ApiProperty(count('Tickets on which the rules were tried.', 100))
  readonly tested!: number;

  @ApiProperty(count('Tickets that a rule matches.', 7))
  readonly matched!: number;

  @ApiProperty({ type: [SimulatedTicketDto], description: 'Each of the tickets, the newest first.' })
  readonly results!: SimulatedTicketDto[];

  @ApiProperty({ type: [RuleWinsDto], description: 'Each of the rules, in the order in which they are tried.' })
  readonly by_rule!: RuleWinsDto[];
}
