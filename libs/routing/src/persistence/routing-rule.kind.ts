import type { ConfigurationKind } from '#settings';
import { MAX_RULES } from '../domain/routing-rule';
import type { RoutingRule } from '../domain/routing-rule';

/** How routing rules are kept. The row of a deleted one stays, for explanations and history name it. */
export const ROUTING_RULES: ConfigurationKind<RoutingRule> = {
  table: 'routing_rule',
  type: 'routing_rule',
  columns: {
    id: 'id',
    name: 'name',
    condition: 'condition',
    action: 'action',
    orderIndex: 'order_index',
    enabled: 'enabled',
    createdAt: 'created_at',
    updatedAt: 'updated_at',
  },
  fields: {
    name: 'name',
    condition: 'condition',
    action: 'action',
    orderIndex: 'order_index',
    enabled: 'enabled',
  },
  bound: {
    max: MAX_RULES,
    message: `A project has at most ${MAX_RULES} routing rules. Delete one that is not needed any more, or let one look for several words.`,
  },
  notFound: 'routing_rule_not_found',
};
