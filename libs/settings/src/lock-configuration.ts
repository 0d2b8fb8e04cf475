import type { Tx } from '#database';

/**
 * Makes the changes of a project's configuration one after the other: until the transaction ends, whoever else changes something
 * of it waits here, and those who read do not. So bounds on how many there are, and names that are taken, hold without a gap.
 */
export async function lockConfiguration(tx: Tx): Promise<void> {
  await tx.query({
    name: 'config-lock',
    text: 'SELECT FROM helpdesk_settings WHERE project_id = $1 FOR UPDATE',
    values: [tx.scope.liveProjectId],
  });
}
