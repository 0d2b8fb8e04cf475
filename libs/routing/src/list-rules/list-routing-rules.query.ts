import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '#database';
import type { ProjectScope, Tx } from '#database';
import { readConfigurationPage, selectFields } from '#settings';
import type { ConfigurationPage, ConfigurationPageRequest } from '#settings';
import type { RoutingRule } from '../domain/routing-rule';
import { ROUTING_RULES } from '../persistence/routing-rule.kind';

const COLUMNS = selectFields(ROUTING_RULES);

/** The order in which rules are tried; times are whole milliseconds. */
const KEYS = [
  { sql: 'order_index', type: 'integer' },
  { sql: '(extract(epoch FROM created_at) * 1000)::bigint', type: 'bigint' },
  { sql: 'id', type: 'uuid' },
];

const ENABLED = {
  name: 'routing-rules-enabled',
  text: `SELECT ${COLUMNS} FROM routing_rule WHERE project_id = $1 AND deleted_at IS NULL AND enabled
         ORDER BY order_index, created_at, id`,
};

/** Reads a project's routing rules in the order in which they are tried. Both sides share them. */
@Injectable()
export class ListRoutingRules {
  constructor(private readonly uow: UnitOfWork) {}

  /** One page of all rules, those that are switched off among them. */
  async list(scope: ProjectScope, page: ConfigurationPageRequest): Promise<ConfigurationPage<RoutingRule>> {
    const list = {
      table: ROUTING_RULES.table,
      columns: COLUMNS,
      condition: { sql: 'deleted_at IS NULL', values: [] },
      keys: KEYS,
    };
    return this.uow.run(scope, (tx) => readConfigurationPage<RoutingRule>(tx, list, page));
  }

  /** The rules that new tickets are tried by. */
  async enabled(tx: Tx): Promise<RoutingRule[]> {
    return tx.query<RoutingRule>({ ...ENABLED, values: [tx.scope.liveProjectId] });
  }
}
