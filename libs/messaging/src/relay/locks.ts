import type { WorkerTx } from '#database';

/** Something that at most one process of the installation does at a time. */
export type LockedDuty = 'positions' | 'delivery' | 'retention';

/**
 * Advisory locks of messaging. `idleMs` is how long whoever has the duty may be silent in its transaction, as it is while it waits for a
 * broker: a process that vanishes with its machine, or is stopped, then loses the duty, and another one goes on.
 */
const DUTIES: Readonly<Record<LockedDuty, { readonly lock: number; readonly idleMs: number }>> = {
  positions: { lock: 1, idleMs: 10_000 },
  delivery: { lock: 2, idleMs: 30_000 },
  retention: { lock: 3, idleMs: 30_000 },
};

/** First half of the locks' key, so that no other user of the database takes them by chance. */
const NAMESPACE = 1_346_851;

/**
 * Asks for the duty, for this transaction; false when another process has it. Never waits for it. Statements after it need not
 * wait for the answer: {@link hasDuty} tells it to them, each in a snapshot that was taken under the lock.
 */
export async function askForDuty(tx: WorkerTx, duty: LockedDuty): Promise<boolean> {
  const { lock, idleMs } = DUTIES[duty];
  const [row] = await tx.query<{ mine: boolean }>({
    name: `messaging-duty-${duty}`,
    text: `SELECT set_config('app.duty_${duty}', CASE WHEN pg_try_advisory_xact_lock($1, $2) THEN 'yes' ELSE 'no' END, true) = 'yes' AS mine,
             set_config('idle_in_transaction_session_timeout', $3, true)`,
    values: [NAMESPACE, lock, String(idleMs)],
  });
  return row?.mine ?? false;
}

/** SQL that is true in statements of a transaction that got the duty it asked for. */
export function hasDuty(duty: LockedDuty): string {
  return `current_setting('app.duty_${duty}') = 'yes'`;
}
