import { Injectable } from '@nestjs/common';
import { DomainError } from '#contracts';
import { UnitOfWork } from '#database';
import { Clock, isUuid } from '#platform';

/** A key that works no more. */
export interface RevokedKey {
  readonly keyId: string;
  readonly revokedAt: Date;
}

/** Takes a key out of use for good. */
@Injectable()
export class RevokeKey {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  /**
   * Every process refuses the key within seconds. Revoking a revoked key changes nothing and answers its first revocation, so that
   * whoever is in doubt may simply repeat it.
   * @throws {DomainError} `key_not_found`.
   */
  async execute(keyId: string): Promise<RevokedKey> {
    const [revoked] = isUuid(keyId) ? await this.revoke(keyId) : [];
    if (!revoked) {
      throw new DomainError(
        'key_not_found',
        `There is no key with the id "${keyId}". \`helpdesk key list --project <slug>\` shows those that there are.`,
      );
    }
    return revoked;
  }

  private revoke(keyId: string): Promise<RevokedKey[]> {
    return this.uow.runAsWorker((tx) =>
      tx.query<RevokedKey>({
        text: `UPDATE api_key SET revoked_at = COALESCE(revoked_at, $2) WHERE id = $1
               RETURNING id AS "keyId", revoked_at AS "revokedAt"`,
        values: [keyId, this.clock.now()],
      }),
    );
  }
}
