import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '#database';
import { Clock } from '#platform';
import { expiryOf } from '../domain/key-expiry';
import type { KeyExpiry } from '../domain/key-expiry';
import { keyScopesOf } from '../domain/key-scopes';
import { KeyPepper } from '../key-pepper/key-pepper';
import { findProject } from '../persistence/find-project';
import { insertKey, makeKey } from '../persistence/insert-key';
import type { IssuedKey } from '../persistence/insert-key';

/** A key to issue. */
export interface IssueKeyCommand extends KeyExpiry {
  readonly slug: string;
  readonly side: 'live' | 'test';
  /** Names of scopes or presets; none means the preset `full`. */
  readonly scopes?: readonly string[];
}

/** Issues a further API key for a project. */
@Injectable()
export class IssueKey {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly clock: Clock,
    private readonly pepper: KeyPepper,
  ) {}

  /**
   * Answers the key this one time; only its hash is kept.
   * @throws {DomainError} `validation_failed`, `project_not_found`.
   */
  async execute({ slug, side, scopes = [], ...expiry }: IssueKeyCommand): Promise<IssuedKey> {
    const createdAt = this.clock.now();
    const grant = { scopes: keyScopesOf(scopes), createdAt, expiresAt: expiryOf(expiry, createdAt) };
    const fresh = await makeKey(this.pepper, side);
    return this.uow.runAsWorker(async (tx) => {
      const { projectId } = await findProject(tx, slug);
      await insertKey(tx, fresh, { ...grant, liveProjectId: projectId });
      return { keyId: fresh.keyId, key: fresh.key };
    });
  }
}
