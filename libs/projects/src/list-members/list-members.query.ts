import { Injectable } from '@nestjs/common';
import type { MemberRole } from '#contracts';
import { UnitOfWork } from '#database';
import { findProject } from '../persistence/find-project';

/** A member of a project. */
export interface MemberView {
  readonly memberId: string;
  readonly email: string;
  readonly name: string;
  readonly role: MemberRole;
  readonly createdAt: Date;
}

/** Lists a project's members. */
@Injectable()
export class ListMembers {
  constructor(private readonly uow: UnitOfWork) {}

  /**
   * The members of today, in the order in which they came; those who left are not among them.
   * @throws {DomainError} `project_not_found`.
   */
  async execute(slug: string): Promise<MemberView[]> {
    return this.uow.runAsWorker(async (tx) => {
      const { projectId } = await findProject(tx, slug);
      return tx.query<MemberView>({
        text: `SELECT id AS "memberId", email, name, role, created_at AS "createdAt" FROM member
               WHERE project_id = $1 AND removed_at IS NULL ORDER BY created_at, id`,
        values: [projectId],
      });
    });
  }
}
