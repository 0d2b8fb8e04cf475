import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Tx } from '#database';
import type { ConfigCause, ConfigChange, ConfigObject } from './config-change';

const COLUMNS =
  'project_id, id, object_type, object_id, at, actor_type, actor_id, actor_name, action, field, "from", "to", request_id';

/** Writes down what happens to a project's configuration: in the transaction of the change, and for good. */
@Injectable()
export class ConfigHistory {
  /** Adds the changes of one object, in their order. */
  async record(tx: Tx, object: ConfigObject, cause: ConfigCause, changes: readonly ConfigChange[]): Promise<void> {
    if (changes.length === 0) {
      return;
    }
    const rows = changes.map(({ action, field, from, to }) => ({
      project_id: tx.scope.liveProjectId,
      id: uuidv7(),
      object_type: object.type,
      object_id: object.id,
      at: cause.at,
      actor_type: cause.actor.type,
      actor_id: cause.actor.id,
      actor_name: cause.actor.name,
      action,
      field,
      from,
      to,
      request_id: cause.requestId ?? null,
    }));
    await tx.query({
      name: 'config-history',
      text: `INSERT INTO config_history (${COLUMNS})
             SELECT ${COLUMNS} FROM json_populate_recordset(NULL::config_history, $1::json)`,
      values: [JSON.stringify(rows)],
    });
  }
}
