import { Injectable } from '@nestjs/common';
import type { SqlTransaction } from '#database';

/** The channel on which scans are woken. */
export const SCAN_CHANNEL = 'helpdesk_scan';

/**
 * Wakes the scans of every process at once, where they would find what is due at their next turn: after a project's clock was
 * moved, or a threshold changed. A hint that may go missing.
 */
@Injectable()
export class ScanSignal {
  /** They wake when the transaction has been committed, and never for one that was not. */
  async raise(tx: SqlTransaction): Promise<void> {
    await tx.query({ name: 'scan-signal', text: `SELECT pg_notify('${SCAN_CHANNEL}', '')` });
  }
}
