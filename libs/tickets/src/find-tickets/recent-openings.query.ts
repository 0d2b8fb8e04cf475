import { Injectable } from '@nestjs/common';
import type { Channel } from '#contracts';
import { UnitOfWork } from '#database';
import type { ProjectScope } from '#database';

/** A ticket with what its customer opened it with. */
export interface TicketOpening {
  readonly id: string;
  readonly ticketNumber: number;
  readonly channel: Channel;
  readonly ticketTypeId: string | null;
  readonly subject: string | null;
  readonly text: string;
}

/** Reads how the latest tickets of a side were opened. */
@Injectable()
export class RecentOpenings {
  constructor(private readonly uow: UnitOfWork) {}

  /** The latest `count` tickets, the newest first. */
  async latest(scope: ProjectScope, count: number): Promise<TicketOpening[]> {
    return this.uow.read<TicketOpening>(scope, {
      name: 'recent-openings',
      text: `SELECT t.id, t.ticket_number AS "ticketNumber", t.channel, t.ticket_type_id AS "ticketTypeId", t.subject, m.text
             FROM (SELECT * FROM ticket WHERE project_id = $1 ORDER BY created_at DESC, id DESC LIMIT $2) t
             JOIN message m ON m.project_id = t.project_id AND m.ticket_id = t.id AND m.seq = 1
             ORDER BY t.created_at DESC, t.id DESC`,
      values: [scope.projectId, count],
    });
  }
}
