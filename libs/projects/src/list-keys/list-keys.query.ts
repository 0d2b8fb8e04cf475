import { Injectable } from '@nestjs/common';
import type { KeyScope } from '#contracts';
import { UnitOfWork } from '#database';
import { findProject } from '../persistence/find-project';

/** A key as it may be shown: everything but the key. */
export interface KeyView {
  readonly keyId: string;
  readonly side: 'live' | 'test';
  /** Its first twelve characters. */
  readonly prefix: string;
  readonly scopes: readonly KeyScope[];
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  /** To the minute. */
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
}

/** Lists a project's API keys. */
@Injectable()
export class ListKeys {
  constructor(private readonly uow: UnitOfWork) {}

  /**
   * All keys of both sides, revoked and expired ones included, the oldest first.
   * @throws {DomainError} `project_not_found`.
   */
  async execute(slug: string): Promise<KeyView[]> {
    return this.uow.runAsWorker(async (tx) => {
      const { projectId } = await findProject(tx, slug);
      return tx.query<KeyView>({
        text: `SELECT id AS "keyId", CASE WHEN is_test THEN 'test' ELSE 'live' END AS side, prefix, scopes,
                 created_at AS "createdAt", expires_at AS "expiresAt", last_used_at AS "lastUsedAt", revoked_at AS "revokedAt"
               FROM api_key WHERE project_id = $1 ORDER BY created_at, id`,
        values: [projectId],
      });
    });
  }
}
