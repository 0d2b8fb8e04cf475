import { Injectable } from '@nestjs/common';
import { DomainError } from '#contracts';
import { UnitOfWork } from '#database';
import type { ProjectScope, Tx } from '#database';
import { Clock } from '#platform';

/** Billed replies of one month. */
export interface ReplyUsage {
  /** `YYYY-MM`, in UTC. */
  readonly month: string;
  readonly replies: number;
  readonly quota: number | null;
  readonly remaining: number | null;
}

const QUOTA = '(SELECT p.monthly_reply_quota FROM project p WHERE p.id = $2)';

/** Counts public agent replies to messengers, one unit each, against the project's monthly quota. */
@Injectable()
export class ReplyMeter {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  /**
   * Counts one reply in the caller's transaction. Parallel replies count one after the other, so the quota is exact.
   * @throws {DomainError} `billing_blocked` when the month's quota is used up.
   */
  async count(tx: Tx, at: Date): Promise<void> {
    const counted = await tx.query({
      name: 'reply-usage-count',
      text: `INSERT INTO reply_usage AS u (project_id, month, replies)
             SELECT $1, $3::date, 1 WHERE coalesce(${QUOTA}, 1) > 0
             ON CONFLICT (project_id, month) DO UPDATE SET replies = u.replies + 1
               WHERE u.replies < coalesce(${QUOTA}, u.replies + 1)
             RETURNING replies`,
      values: [tx.scope.projectId, tx.scope.liveProjectId, `${monthOf(at)}-01`],
    });
    if (counted.length === 0) {
      throw new DomainError(
        'billing_blocked',
        "The project's replies of this month are used up. Raise its quota, or answer on the virtual channel, which is free.",
      );
    }
  }

  /** What was counted in a month (`YYYY-MM`), this one unless given. */
  async usage(scope: ProjectScope, month = monthOf(this.clock.now(scope))): Promise<ReplyUsage> {
    const [row] = await this.uow.read<{ replies: number | null; quota: number | null }>(scope, {
      text: `SELECT ${QUOTA} AS quota, (SELECT replies FROM reply_usage WHERE project_id = $1 AND month = $3::date) AS replies`,
      values: [scope.projectId, scope.liveProjectId, `${month}-01`],
    });
    const replies = row?.replies ?? 0;
    const quota = row?.quota ?? null;
    return { month, replies, quota, remaining: quota === null ? null : Math.max(0, quota - replies) };
  }
}

/** `YYYY-MM` of a time, in UTC. */
function monthOf(time: Date): string {
  return time.toISOString().slice(0, 7);
}
