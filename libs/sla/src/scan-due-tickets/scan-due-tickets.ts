import { Injectable, Logger } from '@nestjs/common';
import type { ProjectScope } from '#database';
import { FindDueSides, KeepTime, TIME_DUTIES } from '#tickets';
import type { TimeDuty } from '#tickets';

/** Tickets in one transaction: so few that an agent who answers one of them hardly waits. */
const BATCH = 200;

/** Projects that are dealt with at once: while one's changes are made durable, another one's are thought out. */
const PROJECTS_AT_ONCE = 4;

/** On how many tickets each duty was done. */
export type ScanResult = Readonly<Record<TimeDuty, number>>;

/**
 * One look at everything that time has made due: clocks to set by changed settings, marks that were passed, customers who wait
 * for an answer, questions that nobody has answered in time. Many processes may look at once; each ticket is dealt with by one of them.
 */
@Injectable()
export class ScanDueTickets {
  private readonly logger = new Logger('sla');

  constructor(
    private readonly sides: FindDueSides,
    private readonly keepTime: KeepTime,
  ) {}

  /** Until nothing is left that was due, or `stopping`. A project on which it fails does not hold up the others. */
  async execute(stopping: AbortSignal): Promise<ScanResult> {
    const startedAt = performance.now();
    const result = { sla_settings: 0, sla_marks: 0, unanswered: 0, csat_expiry: 0 };
    for (const duty of TIME_DUTIES) {
      result[duty] = await this.scan(duty, stopping);
    }
    if (TIME_DUTIES.some((duty) => result[duty] > 0)) {
      this.logger.log({ event: 'scan.done', ...result, ms: Math.round(performance.now() - startedAt) });
    }
    return result;
  }

  /** In rounds of one batch for each project, so that a large one does not keep small ones waiting. */
  private async scan(duty: TimeDuty, stopping: AbortSignal): Promise<number> {
    let total = 0;
    let due: readonly ProjectScope[] = await this.sides.execute(duty);
    while (due.length > 0) {
      const unfinished: ProjectScope[] = [];
      const waiting = due.values();
      const work = async (): Promise<void> => {
        for (const side of waiting) {
          const done = stopping.aborted ? 0 : await this.tryBatch(side, duty);
          total += done;
          if (done === BATCH) {
            unfinished.push(side);
          }
        }
      };
      await Promise.all(Array.from({ length: PROJECTS_AT_ONCE }, work));
      due = unfinished;
    }
    return total;
  }

  private async tryBatch(side: ProjectScope, duty: TimeDuty): Promise<number> {
    try {
      return await this.keepTime.execute(side, duty, BATCH);
    } catch (error) {
      this.logger.error({ event: 'scan.failed', duty, project_id: side.projectId, error: String(error) });
      return 0;
    }
  }
}
