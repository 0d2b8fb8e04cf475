import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '#database';
import type { ProjectScope } from '#database';
import { Clock } from '#platform';
import { DUE_TICKETS } from './due-tickets.sql';
import type { TimeDuty } from './due-tickets.sql';

const MEASURES = {
  now: "clock.now + p.clock_offset_ms * interval '1 millisecond'",
  setting: (column: string) => `s.${column}`,
};

/** Finds the sides of projects whose helpdesk is on and on whose tickets time has made something due. */
@Injectable()
export class FindDueSides {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  /** One look into an index for each side, however many tickets it has. */
  async execute(duty: TimeDuty): Promise<ProjectScope[]> {
    const { isDue, first } = DUE_TICKETS[duty];
    return this.uow.runAsWorker((tx) =>
      tx.queryAndCommit<ProjectScope>({
        name: `due-sides ${duty}`,
        text: `WITH clock (now) AS (SELECT $1::timestamptz)
               SELECT p.id AS "projectId", s.project_id AS "liveProjectId", p.live_project_id IS NOT NULL AS "isTest",
                 p.clock_offset_ms AS "clockOffsetMs"
               FROM clock CROSS JOIN project p JOIN helpdesk_settings s ON s.project_id = coalesce(p.live_project_id, p.id)
               CROSS JOIN LATERAL (
                 SELECT FROM ticket t WHERE t.project_id = p.id AND ${isDue(MEASURES)} ORDER BY ${first} LIMIT 1) due
               WHERE s.helpdesk_enabled`,
        values: [this.clock.now()],
      }),
    );
  }
}
