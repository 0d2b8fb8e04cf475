import { Injectable } from '@nestjs/common';
import { DomainError } from '#contracts';
import { UnitOfWork } from '#database';
import type { ProjectScope } from '#database';

/** Empties a project's test side: tickets, subscribers and events go, numbers begin at 1, the clock returns to now. */
@Injectable()
export class ResetTestSide {
  constructor(private readonly uow: UnitOfWork) {}

  /** @throws {DomainError} `forbidden` on the live side. */
  async execute(scope: ProjectScope): Promise<void> {
    if (!scope.isTest) {
      throw new DomainError('forbidden', 'Only the test side can be emptied: use the project’s zn_test_ key.');
    }
    await this.uow.read(scope, { text: 'SELECT reset_test_side()' });
  }
}
