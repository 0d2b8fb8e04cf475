import type { WorkerTx } from '#database';

/** Advisory locks of messaging: for each duty at most one process of the installation is active. */
export const MESSAGING_LOCKS = { positions: 1, delivery: 2, retention: 3 } as const;

/** First half of the locks' key, so that no other user of the database takes them by chance. */
const NAMESPACE = 1_346_851;

/** Takes the duty for this transaction; false when another process has it. Never waits. */
export async function tryLock(tx: WorkerTx, duty: keyof typeof MESSAGING_LOCKS): Promise<boolean> {
  const [row] = await tx.query<{ mine: boolean }>({
    name: 'messaging-lock',
    text: 'SELECT pg_try_advisory_xact_lock($1, $2) AS mine',
    values: [NAMESPACE, MESSAGING_LOCKS[duty]],
  });
  return row?.mine ?? false;
}
