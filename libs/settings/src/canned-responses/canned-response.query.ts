import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '#database';
import type { ProjectScope, Tx } from '#database';
import { notThere } from '#platform';
import { selectFields } from '../configuration-objects/configuration-kind';
import { readConfigurationPage } from '../configuration-page';
import type { ConfigurationPage, ConfigurationPageRequest } from '../configuration-page';
import { CANNED_RESPONSES } from './canned-response';
import type { CannedResponse } from './canned-response';

const LIST = {
  table: CANNED_RESPONSES.table,
  columns: selectFields(CANNED_RESPONSES),
  condition: { sql: 'deleted_at IS NULL', values: [] },
  keys: [
    { sql: 'lower(title)', type: 'text' },
    { sql: 'id', type: 'uuid' },
  ],
};

/** Looks up a project's canned responses. Both sides share them. */
@Injectable()
export class CannedResponseQuery {
  constructor(private readonly uow: UnitOfWork) {}

  /** One page by title. */
  async list(scope: ProjectScope, page: ConfigurationPageRequest): Promise<ConfigurationPage<CannedResponse>> {
    return this.uow.run(scope, (tx) => readConfigurationPage<CannedResponse>(tx, LIST, page));
  }

  /** @throws {DomainError} `canned_response_not_found`. */
  async require(tx: Tx, id: string): Promise<CannedResponse> {
    const [response] = await tx.query<CannedResponse>({
      text: `SELECT ${LIST.columns} FROM canned_response WHERE project_id = $1 AND id = $2 AND deleted_at IS NULL`,
      values: [tx.scope.liveProjectId, id],
    });
    if (!response) {
      throw notThere(CANNED_RESPONSES.notFound);
    }
    return response;
  }
}
