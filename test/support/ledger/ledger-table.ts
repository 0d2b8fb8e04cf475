import type { EventEnvelope } from '#contracts';
import type { Tx } from '#database';
import { APP_ROLE, WORKER_ROLE } from '#schema';
import type { TestDatabase } from '#testing';

/** The consumers whose effects the ledger counts. */
export const LEDGER_CONSUMERS = ['ledger.first', 'ledger.second'] as const;

/** Name of one of {@link LEDGER_CONSUMERS}. */
export type LedgerConsumer = (typeof LEDGER_CONSUMERS)[number];

/**
 * The ledger: one row per effect of a consumer, without any key that could refuse a second one, so that a doubled effect shows.
 * `place` rises with each effect. Beside it a gate per consumer: whoever locks its row holds the consumer in the middle of its work.
 */
export async function createLedger(db: TestDatabase): Promise<void> {
  await db.sql(`
    CREATE TABLE ledger (
      place bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      consumer text NOT NULL,
      event_id uuid NOT NULL,
      project_id uuid NOT NULL,
      aggregate_id uuid NOT NULL,
      sequence integer NOT NULL,
      body text NOT NULL
    );
    CREATE TABLE ledger_gate (consumer text PRIMARY KEY);
    INSERT INTO ledger_gate VALUES ${LEDGER_CONSUMERS.map((name) => `('${name}')`).join(', ')};
    GRANT SELECT, INSERT ON ledger TO ${APP_ROLE}, ${WORKER_ROLE};
    GRANT SELECT, UPDATE ON ledger_gate TO ${APP_ROLE}, ${WORKER_ROLE};
  `);
}

/** The effect of a ledger's consumer: passes its gate, then writes its row. */
export async function recordEffect(tx: Tx, consumer: LedgerConsumer, event: EventEnvelope): Promise<void> {
  await tx.query({ text: 'SELECT FROM ledger_gate WHERE consumer = $1 FOR SHARE', values: [consumer] });
  await tx.query({
    text: `INSERT INTO ledger (consumer, event_id, project_id, aggregate_id, sequence, body) VALUES ($1, $2, $3, $4, $5, $6)`,
    values: [consumer, event.id, event.projectid, event.subject, event.sequence, JSON.stringify(event)],
  });
}
