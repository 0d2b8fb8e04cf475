import { DomainError } from '#contracts';
import type { Tx } from '#database';

/** What makes two requests the same one: where it goes, its key, and a digest of what it says. */
export interface IdempotentRequest {
  readonly method: string;
  readonly path: string;
  readonly key: string;
  readonly fingerprint: Buffer;
}

/** The answer that the first request got. */
export interface StoredAnswer {
  readonly status: number;
  readonly body: string;
}

interface KeyRow {
  readonly fingerprint: Buffer;
  readonly status: number | null;
  readonly body: string | null;
  readonly expired: boolean;
}

/** How long a parallel repeat waits for the first request. */
const WAIT = '5s';

/** How long answers are kept. */
const KEPT = "interval '24 hours'";

/**
 * Claims the key for this transaction; a parallel claim waits here until that transaction ends.
 * @returns the stored answer when the request was answered before, null when it is this transaction's to answer.
 * @throws {DomainError} `idempotency_conflict` when the key was used for another request.
 */
export async function claimKey(tx: Tx, request: IdempotentRequest): Promise<StoredAnswer | null> {
  const { fingerprint } = request;
  const [, inserted] = await Promise.all([
    tx.query({ text: `SET LOCAL lock_timeout = '${WAIT}'` }),
    tx.query({
      text: `INSERT INTO idempotency_key (project_id, method, path, key, fingerprint, created_at)
             VALUES ($1, $2, $3, $4, $5, clock_timestamp()) ON CONFLICT DO NOTHING RETURNING true`,
      values: [...idOf(tx, request), fingerprint],
    }),
  ]);
  if (inserted.length > 0) {
    await tx.query({ text: 'SET LOCAL lock_timeout = 0' });
    return null;
  }
  const [row] = await tx.query<KeyRow>({
    text: `SELECT fingerprint, status, body, created_at < clock_timestamp() - ${KEPT} AS expired FROM idempotency_key
           WHERE project_id = $1 AND method = $2 AND path = $3 AND key = $4 FOR UPDATE`,
    values: idOf(tx, request),
  });
  await tx.query({ text: 'SET LOCAL lock_timeout = 0' });
  if (!row || row.expired) {
    await takeOver(tx, request);
    return null;
  }
  return answerOf(row, fingerprint);
}

/** Stores the answer; it becomes visible together with the effect. */
export async function storeAnswer(tx: Tx, request: IdempotentRequest, answer: StoredAnswer): Promise<void> {
  await tx.query({
    text: `UPDATE idempotency_key SET status = $5, body = $6
           WHERE project_id = $1 AND method = $2 AND path = $3 AND key = $4`,
    values: [...idOf(tx, request), answer.status, answer.body],
  });
}

/** The key has expired, or was deleted at this very moment: it begins anew. */
async function takeOver(tx: Tx, request: IdempotentRequest): Promise<void> {
  await tx.query({
    text: `INSERT INTO idempotency_key (project_id, method, path, key, fingerprint, created_at)
           VALUES ($1, $2, $3, $4, $5, clock_timestamp())
           ON CONFLICT (project_id, method, path, key)
           DO UPDATE SET fingerprint = excluded.fingerprint, status = NULL, body = NULL, created_at = excluded.created_at`,
    values: [...idOf(tx, request), request.fingerprint],
  });
}

function answerOf({ fingerprint, status, body }: KeyRow, asked: Buffer): StoredAnswer {
  if (!fingerprint.equals(asked)) {
    throw new DomainError(
      'idempotency_conflict',
      'This Idempotency-Key was used for another request. Use a new key for a new request.',
    );
  }
  if (status === null || body === null) {
    throw new Error('An idempotency key was committed without its answer.');
  }
  return { status, body };
}

function idOf(tx: Tx, { method, path, key }: IdempotentRequest): unknown[] {
  return [tx.scope.projectId, method, path, key];
}
