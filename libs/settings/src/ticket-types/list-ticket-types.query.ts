import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '#database';
import type { ProjectScope } from '#database';
import { selectFields } from '../configuration-objects/configuration-kind';
import { readConfigurationPage } from '../configuration-page';
import type { ConfigurationPage, ConfigurationPageRequest } from '../configuration-page';
import { TICKET_TYPES } from './ticket-type';
import type { TicketType } from './ticket-type';

const LIST = {
  table: TICKET_TYPES.table,
  columns: selectFields(TICKET_TYPES),
  keys: [
    { sql: 'sort_order', type: 'integer' },
    { sql: 'lower(name)', type: 'text' },
    { sql: 'id', type: 'uuid' },
  ],
};

/** Lists a project's ticket types by their order, then by name. Both sides share them. */
@Injectable()
export class ListTicketTypes {
  constructor(private readonly uow: UnitOfWork) {}

  /** One page of those that may be given to a ticket, or of all that are not deleted. */
  async list(
    scope: ProjectScope,
    { enabledOnly, ...page }: ConfigurationPageRequest & { readonly enabledOnly: boolean },
  ): Promise<ConfigurationPage<TicketType>> {
    const condition = { sql: `deleted_at IS NULL${enabledOnly ? ' AND enabled' : ''}`, values: [] };
    return this.uow.run(scope, (tx) => readConfigurationPage<TicketType>(tx, { ...LIST, condition }, page));
  }
}
