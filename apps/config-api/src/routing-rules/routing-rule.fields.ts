import type { ApiPropertyOptions } from '@nestjs/swagger';
import { CHANNELS, TICKET_PRIORITIES } from '#contracts';
import type { RoutingAction, RoutingCondition, RoutingRulePayload } from '#contracts';
import type { FieldOptions } from '#platform';
import { MAX_RULE_NAME, MAX_VALUE, MAX_VALUES, ORDER_INDEX } from '#routing';
import { MAX_TAGS } from '#tickets';

type ObjectSchema = Extract<ApiPropertyOptions, { type: 'object'; properties: object }>;
type Schema = ObjectSchema['properties'][string];
type Items = Readonly<Record<'minLength' | 'maxLength', number>> & { readonly type: string; readonly pattern?: string };

const EXAMPLE_CONDITION: RoutingCondition = { channel: 'telegram', text_contains: ['refund', 'money back'] };
const EXAMPLE_ACTION: RoutingAction = {
  assign_to: '019ab6b0-11aa-7d3c-8e4f-0a1b2c3d4e5f',
  set_priority: 'high',
  add_tag: 'refund',
};

/** A routing rule as the documents show it. */
export const EXAMPLE_RULE: RoutingRulePayload = {
  id: '019ab6b0-55ee-7b70-8c83-4e5f60718293',
  name: 'Refunds',
  condition: EXAMPLE_CONDITION,
  action: EXAMPLE_ACTION,
  order_index: 0,
  enabled: true,
  created_at: '2026-11-24T09:30:00.000Z',
  updated_at: '2026-11-24T09:30:00.000Z',
};

const WORDS: Items = { type: 'string', minLength: 1, maxLength: MAX_VALUE };
const TAG: Items = { type: 'string', minLength: 1, maxLength: 64, pattern: '^[\\p{L}\\p{M}\\p{N}_-]+$' };
const oneOrMany = (items: Items, maxItems: number, description: string, example: unknown): Schema => ({
  description,
  example,
  anyOf: [items, { type: 'array', items, minItems: 1, maxItems }],
});

const LOOKS_FOR = 'a text, or several of which any will do. Case does not count, nor do compatible spellings (NFKC).';

/** The document's schema of a condition. */
export const CONDITION_SCHEMA: ObjectSchema = {
  type: 'object',
  minProperties: 1,
  additionalProperties: false,
  properties: {
    channel: { type: 'string', enum: [...CHANNELS], description: 'Where the customer is.', example: 'telegram' },
    subject_contains: oneOrMany(WORDS, MAX_VALUES, `What the subject contains: ${LOOKS_FOR}`, 'order'),
    text_contains: oneOrMany(
      WORDS,
      MAX_VALUES,
      `What the opening message contains: ${LOOKS_FOR}`,
      EXAMPLE_CONDITION.text_contains,
    ),
    ticket_type_id: {
      type: 'string',
      format: 'uuid',
      description: 'The ticket’s type.',
      example: '019ab6b0-33cc-7f5e-8a61-2c3d4e5f6071',
    },
  },
};

/** The document's schema of an action. */
export const ACTION_SCHEMA: ObjectSchema = {
  type: 'object',
  minProperties: 1,
  additionalProperties: false,
  properties: {
    assign_to: {
      type: 'string',
      format: 'uuid',
      description: 'The agent to assign, one of `GET /v1/helpdesk/agents`.',
      example: EXAMPLE_ACTION.assign_to,
    },
    set_priority: {
      type: 'string',
      enum: [...TICKET_PRIORITIES],
      description: 'The priority to set.',
      example: 'high',
    },
    add_tag: oneOrMany(TAG, MAX_TAGS, 'A tag to add, or several.', 'refund'),
  },
};

/** The document's schema of a number that orders rules. */
export const ORDER_INDEX_SCHEMA = { type: 'integer', minimum: ORDER_INDEX.min, maximum: ORDER_INDEX.max } as const;

/** The document's schema of a whole rule that is not saved. */
export const WHOLE_RULE_SCHEMA: ObjectSchema = {
  type: 'object',
  required: ['name', 'condition', 'action'],
  additionalProperties: false,
  properties: {
    name: {
      type: 'string',
      minLength: 1,
      maxLength: MAX_RULE_NAME,
      description: 'What it is called.',
      example: 'Refunds',
    },
    condition: { ...CONDITION_SCHEMA, description: 'When it matches.', example: EXAMPLE_CONDITION } as Schema,
    action: { ...ACTION_SCHEMA, description: 'What it does.', example: EXAMPLE_ACTION } as Schema,
    order_index: { ...ORDER_INDEX_SCHEMA, description: 'Its place among other rules.', example: 0 },
    enabled: { type: 'boolean', description: 'Whether it counts.', example: true },
  },
};

/** What the documents say of each field, where it is given and where it is answered. */
export const RULE: Readonly<
  Record<'name' | 'condition' | 'action' | 'order_index' | 'enabled', Pick<FieldOptions, 'description' | 'example'>>
> = {
  name: { description: 'What the rule is called.', example: EXAMPLE_RULE.name },
  condition: {
    description:
      'When the rule matches: everything that is given must hold. It looks at the ticket as it was opened. Replaced as a whole.',
    example: EXAMPLE_RULE.condition,
  },
  action: { description: 'What happens to the ticket. Replaced as a whole.', example: EXAMPLE_RULE.action },
  order_index: {
    description: 'The rule with the smallest is tried first; of several with the same, the oldest.',
    example: EXAMPLE_RULE.order_index,
  },
  enabled: { description: 'Whether new tickets are tried by the rule.', example: EXAMPLE_RULE.enabled },
};
