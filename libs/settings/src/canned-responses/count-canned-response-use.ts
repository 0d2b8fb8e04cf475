import { Injectable } from '@nestjs/common';
import { fieldError } from '#contracts';
import type { Tx } from '#database';

const COUNT = {
  name: 'canned-response-used',
  text: `UPDATE canned_response SET used_count = used_count + 1
         WHERE project_id = $1 AND id = $2 AND deleted_at IS NULL RETURNING id`,
};

/** The test side shares the live side's canned responses, but leaves no trace in them. */
const LOOK_UP = {
  name: 'canned-response-exists',
  text: 'SELECT id FROM canned_response WHERE project_id = $1 AND id = $2 AND deleted_at IS NULL',
};

/** Counts that a reply was made from a canned response; replies of the test side do not count. */
@Injectable()
export class CountCannedResponseUse {
  /** @throws {DomainError} `validation_failed` for `canned_response_id` when there is none with this id. */
  async execute(tx: Tx, id: string): Promise<void> {
    const found = await tx.query({
      ...(tx.scope.isTest ? LOOK_UP : COUNT),
      values: [tx.scope.liveProjectId, id],
    });
    if (found.length === 0) {
      throw fieldError(
        'canned_response_id',
        'not_found',
        'There is no canned response with this id. GET /v1/helpdesk/canned-responses lists them.',
      );
    }
  }
}
