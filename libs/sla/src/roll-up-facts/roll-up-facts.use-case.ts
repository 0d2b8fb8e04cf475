import { Injectable, Logger } from '@nestjs/common';
import { faultPoint, UnitOfWork } from '#database';
import { TicketFacts } from '#tickets';
import type { FactChanges } from '#tickets';
import type { DayName } from '../persistence/report-day.repository';
import { ReportDayRepository } from '../persistence/report-day.repository';
import { applyChanges, keyName } from '../report/domain/day-facts';
import type { DayChange } from '../report/domain/day-facts';

const DAY_MS = 86_400_000;

/** So many changes wait on a side before they are rolled up: a report reads them as they are, and each roll-up writes whole days anew. */
const ENOUGH = 1_000;

/** Changes in one transaction. */
const BATCH = 2_000;

/** The changes of one day's facts of one kind. */
interface ChangedDay extends DayName {
  readonly changes: DayChange[];
}

/**
 * Takes what changes of tickets have changed for reports into the days that reports read. What is taken is gone from there and in
 * here by one commit, so a report, which reads both in one snapshot, is the same before and after.
 */
@Injectable()
export class RollUpFacts {
  private readonly logger = new Logger('sla');

  constructor(
    private readonly uow: UnitOfWork,
    private readonly facts: TicketFacts,
    private readonly days: ReportDayRepository,
  ) {}

  /** Until fewer changes than it is worth are left on every side, or `stopping`. Answers how many were taken. */
  async execute(stopping: AbortSignal, enough = ENOUGH): Promise<number> {
    let total = 0;
    const sides = await this.uow.runAsWorker((tx) => this.facts.sidesWith(tx, enough));
    for (const side of sides) {
      let taken = BATCH;
      while (taken === BATCH && !stopping.aborted) {
        taken = await this.tryBatch(side);
        total += taken;
      }
    }
    return total;
  }

  /** A side on which it fails keeps its changes, and does not hold up the others. */
  private async tryBatch(projectId: string): Promise<number> {
    try {
      return await this.rollUp(projectId);
    } catch (error) {
      this.logger.error({ event: 'roll_up.failed', project_id: projectId, error: String(error) });
      return 0;
    }
  }

  private async rollUp(projectId: string): Promise<number> {
    return this.uow.runAsWorker(async (tx) => {
      if (!(await this.days.tryLock(tx, projectId))) {
        return 0;
      }
      const taken = await this.facts.take(tx, projectId, BATCH);
      faultPoint('report.afterTake');
      if (taken.length > 0) {
        const changed = changedDays(taken, await this.days.codesOf(tx, projectId, taken));
        const before = await this.days.load(tx, projectId, changed);
        const after = changed.map(({ day, kind, changes }, index) => ({
          day,
          kind,
          facts: applyChanges(before[index] as (typeof before)[number], changes),
        }));
        await this.days.store(tx, projectId, after);
        faultPoint('report.afterStore');
      }
      return taken.length;
    });
  }
}

function changedDays(taken: readonly FactChanges[], codes: ReadonlyMap<string, number>): ChangedDay[] {
  const days = new Map<string, ChangedDay>();
  for (const change of taken) {
    const key = codes.get(keyName(change)) as number;
    for (const [kind, at, amount, by] of change.facts) {
      const day = Math.floor(at / DAY_MS);
      const changed = days.get(`${day} ${kind}`) ?? { day, kind, changes: [] };
      changed.changes.push({ time: at - day * DAY_MS, key, amount, by });
      days.set(`${day} ${kind}`, changed);
    }
  }
  return [...days.values()];
}
