import { ApiProperty } from '@nestjs/swagger';
import type {
  RoutingActionKey,
  RoutingActionResult,
  RoutingConditionKey,
  RoutingConditionResult,
  RoutingRuleResult,
  RoutingSkipReason,
  TicketRoutingPayload,
} from '#contracts';
import { ROUTING_ACTION_KEYS, ROUTING_CONDITION_KEYS, ROUTING_SKIP_REASONS } from '#contracts';
import { DescribeSchema } from '#platform';

const RULE_ID = '019ab6b0-55ee-7b70-8c83-4e5f60718293';

const oneOrMany = (description: string, example: unknown) => ({
  description,
  example,
  anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }],
});
const matched = (description: string) => ({ type: Boolean, description, example: true });

@DescribeSchema({ description: 'One part of a rule’s condition beside what the ticket had.' })
class RoutingConditionResultDto implements RoutingConditionResult {
  @ApiProperty({
    type: String,
    enum: [...ROUTING_CONDITION_KEYS],
    description: 'What it looks at.',
    example: 'text_contains',
  })
  readonly key!: RoutingConditionKey;

  @ApiProperty(oneOrMany('What the rule asked for.', ['refund', 'money back']))
  readonly expected!: string | readonly string[];

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'What the ticket had; of a long text the beginning, though the whole of it counted.',
    example: 'I want my money back',
  })
  readonly actual!: string | null;

  @ApiProperty(matched('Whether it held.'))
  readonly matched!: boolean;
}

@DescribeSchema({ description: 'A rule as it was when the ticket was routed.' })
class RoutingRuleResultDto implements RoutingRuleResult {
  @ApiProperty({ type: String, format: 'uuid', description: 'The rule. It may be gone by now.', example: RULE_ID })
  readonly rule_id!: string;

  @ApiProperty({ type: String, description: 'What it was called.', example: 'Refunds' })
  readonly name!: string;

  @ApiProperty(matched('Whether its whole condition held; of the rules that match, the first wins.'))
  readonly matched!: boolean;

  @ApiProperty({ type: [RoutingConditionResultDto], description: 'The parts of its condition.' })
  readonly conditions!: RoutingConditionResultDto[];
}

@DescribeSchema({ description: 'What became of one action of the rule that won.' })
class RoutingActionResultDto implements RoutingActionResult {
  @ApiProperty({
    type: String,
    enum: [...ROUTING_ACTION_KEYS],
    description: 'What was to be done.',
    example: 'set_priority',
  })
  readonly action!: RoutingActionKey;

  @ApiProperty(oneOrMany('With what, as the rule had it.', 'high'))
  readonly value!: string | readonly string[];

  @ApiProperty({
    type: Boolean,
    description: 'Whether the ticket became as the rule wanted it, or was so already.',
    example: true,
  })
  readonly done!: boolean;

  @ApiProperty({
    type: String,
    enum: [...ROUTING_SKIP_REASONS],
    nullable: true,
    description:
      'Why it was not done: `already_assigned` (somebody was quicker), `agent_not_found` (the member cannot be assigned any more), `too_many_tags` (the ticket would carry more than 20).',
    example: null,
  })
  readonly reason!: RoutingSkipReason | null;
}

@DescribeSchema({ description: 'How a ticket was routed.' })
export class TicketRoutingDto implements TicketRoutingPayload {
  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When the rules were tried; null while they were not.',
    example: '2026-11-24T09:30:00.080Z',
  })
  readonly evaluated_at!: string | null;

  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    description: 'The rule that won; null for none.',
    example: RULE_ID,
  })
  readonly winner_rule_id!: string | null;

  @ApiProperty({ type: [RoutingRuleResultDto], description: 'The rules in the order in which they were tried.' })
  readonly rules!: RoutingRuleResultDto[];

  @ApiProperty({ type: [RoutingActionResultDto], description: 'The actions of the rule that won.' })
  readonly applied!: RoutingActionResultDto[];
}
