import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '#database';
import type { ProjectScope } from '#database';
import { readConfigurationPage } from '../configuration-page';
import type { ConfigurationPage, ConfigurationPageRequest } from '../configuration-page';
import type { ConfigChange, ConfigObjectType } from './config-change';

/** One line of the configuration's history. */
export interface ConfigHistoryItem extends ConfigChange {
  readonly id: string;
  readonly at: Date;
  readonly actorType: string;
  readonly actorId: string | null;
  readonly actorName: string | null;
  readonly objectType: ConfigObjectType;
  readonly objectId: string;
  readonly requestId: string | null;
}

/** Which lines of the history. */
export interface ConfigHistoryRequest extends ConfigurationPageRequest {
  readonly objectType?: ConfigObjectType;
  readonly objectId?: string;
}

const COLUMNS = `id, at, actor_type AS "actorType", actor_id AS "actorId", actor_name AS "actorName",
  object_type AS "objectType", object_id AS "objectId", action, field, "from", "to", request_id AS "requestId"`;

/** Reads the history of a project's configuration, the newest first. */
@Injectable()
export class ConfigHistoryQuery {
  constructor(private readonly uow: UnitOfWork) {}

  async list(
    scope: ProjectScope,
    { objectType, objectId, ...page }: ConfigHistoryRequest,
  ): Promise<ConfigurationPage<ConfigHistoryItem>> {
    const list = {
      table: 'config_history',
      columns: COLUMNS,
      condition: {
        sql: '($2::text IS NULL OR object_type = $2) AND ($3::uuid IS NULL OR object_id = $3)',
        values: [objectType ?? null, objectId ?? null],
      },
      keys: [{ sql: 'seq', type: 'bigint' }],
      descending: true,
    };
    return this.uow.run(scope, (tx) => readConfigurationPage<ConfigHistoryItem>(tx, list, page));
  }
}
