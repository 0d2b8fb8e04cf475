import { Injectable } from '@nestjs/common';
import { DomainError } from '#contracts';
import { UnitOfWork } from '#database';
import { Clock, isUuid } from '#platform';

/** Ends a person's membership. */
@Injectable()
export class RemoveMember {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  /**
   * The row stays, for history, messages and tickets name the member; tickets assigned to them stay so until someone takes them.
   * @throws {DomainError} `member_not_found`, also for someone who has left already.
   */
  async execute(memberId: string): Promise<void> {
    const removed = isUuid(memberId) ? await this.remove(memberId) : [];
    if (removed.length === 0) {
      throw new DomainError(
        'member_not_found',
        `There is no member with the id "${memberId}". \`helpdesk member list --project <slug>\` shows those that there are.`,
      );
    }
  }

  private remove(memberId: string): Promise<unknown[]> {
    return this.uow.runAsWorker((tx) =>
      tx.query({
        text: 'UPDATE member SET removed_at = $2 WHERE id = $1 AND removed_at IS NULL RETURNING id',
        values: [memberId, this.clock.now()],
      }),
    );
  }
}
