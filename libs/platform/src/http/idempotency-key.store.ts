import { DomainError } from '#contracts';
import type { Statement, Tx } from '#database';

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

/** How long a parallel repeat waits for the first request: less than any statement may take, or that limit would strike first. */
const WAIT = '4s';

/** How long answers are kept. */
const KEPT = "interval '24 hours'";

const OF_REQUEST = 'project_id = $1 AND method = $2 AND path = $3 AND key = $4';

/**
 * Claims the key for this transaction; a parallel claim waits here until that transaction ends.
 * @returns the stored answer when the request was answered before, null when it is this transaction's to answer.
 * @throws {DomainError} `idempotency_conflict` when the key was used for another request.
 */
export async function claimKey(tx: Tx, request: IdempotentRequest): Promise<StoredAnswer | null> {
  for (;;) {
    const inserted = await waiting(tx, {
      text: `INSERT INTO idempotency_key (project_id, method, path, key, fingerprint, created_at)
             VALUES ($1, $2, $3, $4, $5, clock_timestamp()) ON CONFLICT DO NOTHING RETURNING true`,
      values: [...idOf(tx, request), request.fingerprint],
    });
    if (inserted.length > 0) {
      return null;
    }
    const [row] = await waiting<KeyRow>(tx, {
      text: `SELECT fingerprint, status, body, created_at < clock_timestamp() - ${KEPT} AS expired FROM idempotency_key
             WHERE ${OF_REQUEST} FOR UPDATE`,
      values: idOf(tx, request),
    });
    if (row?.expired) {
      await beginAnew(tx, request);
      return null;
    }
    if (row) {
      return answerOf(row, request.fingerprint);
    }
    // The row has expired and was deleted between the two statements: there is room for a new one.
  }
}

/** Stores the answer; it becomes visible together with the effect. */
export async function storeAnswer(tx: Tx, request: IdempotentRequest, answer: StoredAnswer): Promise<void> {
  await tx.query({
    text: `UPDATE idempotency_key SET status = $5, body = $6 WHERE ${OF_REQUEST}`,
    values: [...idOf(tx, request), answer.status, answer.body],
  });
}

/** Runs a statement that may have to wait for a parallel request, in one round trip with the limit of its wait. */
async function waiting<Row>(tx: Tx, statement: Statement): Promise<Row[]> {
  const [, rows] = await Promise.all([
    tx.query({ text: `SET LOCAL lock_timeout = '${WAIT}'` }),
    tx.query<Row>(statement),
    tx.query({ text: 'SET LOCAL lock_timeout = 0' }),
  ]);
  return rows;
}

/** An expired key, which this transaction has locked, is this request's now. */
async function beginAnew(tx: Tx, request: IdempotentRequest): Promise<void> {
  await tx.query({
    text: `UPDATE idempotency_key SET fingerprint = $5, status = NULL, body = NULL, created_at = clock_timestamp()
           WHERE ${OF_REQUEST}`,
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
