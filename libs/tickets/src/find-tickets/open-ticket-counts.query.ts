import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '#database';
import type { ProjectScope } from '#database';

/** How many tickets each agent has open on the side that asks. */
@Injectable()
export class OpenTicketCounts {
  constructor(private readonly uow: UnitOfWork) {}

  /** Agents without an open ticket are not in the map. */
  async byAgent(scope: ProjectScope): Promise<ReadonlyMap<string, number>> {
    const rows = await this.uow.read<{ agent: string; n: number }>(scope, {
      text: `SELECT assigned_to AS agent, count(*)::int AS n FROM ticket
             WHERE project_id = $1 AND assigned_to IS NOT NULL AND status <> 'closed' GROUP BY assigned_to`,
      values: [scope.projectId],
    });
    return new Map(rows.map((row) => [row.agent, row.n]));
  }
}
