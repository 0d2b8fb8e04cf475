import { Injectable } from '@nestjs/common';
import { DomainError } from '#contracts';
import type { Actor } from '#contracts';
import type { ProjectScope, Tx } from '#database';
import { ConfigurationObjects } from '../configuration-objects/configuration-objects';
import type { NewFields, ObjectCommand } from '../configuration-objects/configuration-objects';
import { assertKnownVariables } from '../domain/canned-variables';
import { CANNED_RESPONSES } from './canned-response';
import type { CannedResponse } from './canned-response';

/** What people set of a canned response. */
export type CannedResponseFields = Omit<NewFields<CannedResponse>, 'usedCount'>;

/** Makes, changes and deletes canned responses. */
@Injectable()
export class EditCannedResponses {
  constructor(private readonly objects: ConfigurationObjects) {}

  /** @throws {DomainError} `conflict` when the shortcut is taken, or there are as many as there may be; `validation_failed`. */
  async create(scope: ProjectScope, actor: Actor, fields: CannedResponseFields): Promise<CannedResponse> {
    return this.objects.create(scope, CANNED_RESPONSES, { actor, fields: { ...fields, usedCount: 0 } }, admit);
  }

  /** @throws {DomainError} `canned_response_not_found`, `conflict` when the shortcut is taken; `validation_failed`. */
  async update(
    scope: ProjectScope,
    command: ObjectCommand,
    given: Partial<CannedResponseFields>,
  ): Promise<CannedResponse> {
    return this.objects.update(scope, CANNED_RESPONSES, { ...command, given }, admit);
  }

  /** @throws {DomainError} `canned_response_not_found`. */
  async delete(scope: ProjectScope, command: ObjectCommand): Promise<void> {
    return this.objects.delete(scope, CANNED_RESPONSES, command);
  }
}

async function admit(tx: Tx, { id, text, shortcut }: CannedResponse): Promise<void> {
  assertKnownVariables(text);
  const [same] = await tx.query<{ title: string }>({
    text: `SELECT title FROM canned_response
           WHERE project_id = $1 AND shortcut = $2 AND id <> $3 AND deleted_at IS NULL`,
    values: [tx.scope.liveProjectId, shortcut, id],
  });
  if (same) {
    throw new DomainError(
      'conflict',
      `The shortcut ${shortcut} belongs to "${same.title}" already. Choose another one, or clear that one first.`,
    );
  }
}
