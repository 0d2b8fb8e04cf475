import type { WorkerTx } from '#database';

/** Advisory locks of messaging: for each duty at most one process of the installation is active. */
const DUTIES = { positions: 1, delivery: 2, retention: 3 } as const;

/** First half of the locks' key, so that no other user of the database takes them by chance. */
const NAMESPACE = 1_346_851;

/**
 * Asks for the duty, for this transaction; false when another process has it. Never waits for it. Statements after it need not
 * wait for the answer: {@link HAS_DUTY} tells it to them, each in a snapshot that was taken under the lock.
 */
export async function askForDuty(tx: WorkerTx, duty: keyof typeof DUTIES): Promise<boolean> {
  const [row] = await tx.query<{ mine: boolean }>({
    name: 'messaging-duty',
    text: `SELECT set_config('app.duty', CASE WHEN pg_try_advisory_xact_lock($1, $2) THEN 'yes' ELSE 'no' END, true) = 'yes' AS mine`,
    values: [NAMESPACE, DUTIES[duty]],
  });
  return row?.mine ?? false;
}

/** True in statements of a transaction that got the duty it asked for. */
export const HAS_DUTY = `current_setting('app.duty') = 'yes'`;
