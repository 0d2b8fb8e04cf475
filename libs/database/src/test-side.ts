import { testSideLock } from '#schema';
import type { ProjectScope } from './project-scope';
import type { SqlTransaction } from './transaction';

/**
 * Keeps a test side from being emptied until the transaction ends, and waits while it is. What is looked at afterwards is there to
 * stay or gone for good: nothing is written about a ticket that goes in the same moment. Costs the live side nothing.
 */
export async function enterSide(tx: SqlTransaction, { projectId, isTest }: ProjectScope): Promise<void> {
  if (isTest) {
    await tx.query({
      name: 'enter-test-side',
      text: `SELECT pg_advisory_xact_lock_shared(${testSideLock('$1::text')})`,
      values: [projectId],
    });
  }
}
