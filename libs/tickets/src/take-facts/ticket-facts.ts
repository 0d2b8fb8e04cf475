import { Injectable } from '@nestjs/common';
import type { WorkerTx } from '#database';
import type { FactChanges } from '../domain/ticket-facts';

const COLUMNS = 'channel, ticket_type_id AS "ticketTypeId", assigned_to AS "assignedTo", facts';

/** One row for each element of what reports have yet to take in, under the parameter $1 for the project. */
export const FACTS_LEFT_SQL = `SELECT ${COLUMNS} FROM ticket_fact WHERE project_id = $1`;

/** Hands what has changed for reports to whoever rolls it up. */
@Injectable()
export class TicketFacts {
  /** Sides on which at least `least` changes have not been taken yet. */
  async sidesWith(tx: WorkerTx, least: number): Promise<string[]> {
    const rows = await tx.query<{ id: string }>({
      name: 'ticket-facts-sides',
      text: `SELECT p.id FROM project p CROSS JOIN LATERAL (
               SELECT FROM ticket_fact f WHERE f.project_id = p.id ORDER BY f.id OFFSET $1 LIMIT 1) enough`,
      values: [least - 1],
    });
    return rows.map(({ id }) => id);
  }

  /**
   * Takes the oldest changes of a side away, at most `most`: they are gone when the transaction commits. Those of one ticket come in
   * their order, so nothing is taken back before it was given, as long as one takes at a time.
   */
  async take(tx: WorkerTx, projectId: string, most: number): Promise<FactChanges[]> {
    return tx.query<FactChanges>({
      name: 'ticket-facts-take',
      text: `DELETE FROM ticket_fact WHERE project_id = $1
               AND id IN (SELECT id FROM ticket_fact WHERE project_id = $1 ORDER BY id LIMIT $2)
             RETURNING ${COLUMNS}`,
      values: [projectId, most],
    });
  }
}
