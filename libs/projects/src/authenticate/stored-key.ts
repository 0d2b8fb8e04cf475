import type { KeyScope } from '#contracts';
import type { UnitOfWork } from '#database';

/** A key as the database has it, joined with the side that it belongs to. */
export interface StoredKey {
  readonly id: string;
  readonly hash: Buffer;
  readonly prefix: string;
  readonly scopes: readonly KeyScope[];
  readonly isTest: boolean;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  readonly lastUsedAt: Date | null;
  readonly projectId: string;
  readonly liveProjectId: string;
  readonly clockOffsetMs: number;
  readonly rateLimitPerMinute: number | null;
}

/** The key that is stored under one of the hashes, whatever state it is in; null when there is none. */
export async function findStoredKey(uow: UnitOfWork, hashes: readonly Buffer[]): Promise<StoredKey | null> {
  const [key] = await uow.runAsWorker((tx) =>
    tx.queryAndCommit<StoredKey>({
      name: 'find-api-key',
      text: `SELECT k.id, k.hash, k.prefix, k.scopes, k.is_test AS "isTest", k.expires_at AS "expiresAt",
               k.revoked_at AS "revokedAt", k.last_used_at AS "lastUsedAt", side.id AS "projectId", live.id AS "liveProjectId",
               side.clock_offset_ms AS "clockOffsetMs", live.rate_limit_per_minute AS "rateLimitPerMinute"
             FROM api_key k
             JOIN project live ON live.id = k.project_id
             JOIN project side ON CASE WHEN k.is_test THEN side.live_project_id = live.id ELSE side.id = live.id END
             WHERE k.hash = ANY($1::bytea[])`,
      values: [hashes],
    }),
  );
  return key ?? null;
}
