import { Injectable } from '@nestjs/common';
import { DomainError } from '#contracts';
import { UnitOfWork } from '#database';
import type { ProjectScope, Tx } from '#database';

/** Rows that are deleted in one statement, which may not take longer than any other. */
const STEP = 5_000;

/** Empties a project's test side: tickets, subscribers and events go, numbers begin at 1, the clock returns to now. */
@Injectable()
export class ResetTestSide {
  constructor(private readonly uow: UnitOfWork) {}

  /** @throws {DomainError} `forbidden` on the live side. */
  async execute(scope: ProjectScope): Promise<void> {
    if (!scope.isTest) {
      throw new DomainError('forbidden', 'Only the test side can be emptied: use the project’s zn_test_ key.');
    }
    // Not a transaction of `run`, which keeps the side from being emptied.
    await this.uow.runShared(scope, async (tx) => {
      while (!(await emptyFurther(tx)));
    });
  }
}

/** Answers whether the side is empty. */
async function emptyFurther(tx: Tx): Promise<boolean> {
  const [row] = await tx.query<{ empty: boolean }>({ text: 'SELECT reset_test_side($1) AS empty', values: [STEP] });
  return row?.empty === true;
}
