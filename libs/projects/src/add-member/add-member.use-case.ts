import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { DomainError, fieldError, MEMBER_ROLES } from '#contracts';
import type { MemberRole } from '#contracts';
import { UnitOfWork } from '#database';
import { Clock } from '#platform';
import { checkedEmail, checkedName } from '../domain/project-input';
import { findProject } from '../persistence/find-project';

/** A member to add. */
export interface AddMemberCommand {
  readonly slug: string;
  readonly email: string;
  /** 1 to 100 characters, one line. */
  readonly name: string;
  /** One of {@link MEMBER_ROLES}. */
  readonly role: string;
}

/** Makes a person a member of a project. */
@Injectable()
export class AddMember {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  /**
   * Someone who left and comes back becomes a new member.
   * @throws {DomainError} `validation_failed`, `project_not_found`; `conflict` when the e-mail address is a member's already.
   */
  async execute(command: AddMemberCommand): Promise<{ readonly memberId: string }> {
    const [email, name, role] = [checkedEmail(command.email), checkedName(command.name), checkedRole(command.role)];
    return this.uow.runAsWorker(async (tx) => {
      const { projectId } = await findProject(tx, command.slug);
      const [added] = await tx.query<{ memberId: string }>({
        text: `INSERT INTO member (project_id, id, email, name, role, created_at) VALUES ($1, $2, $3, $4, $5, $6)
               ON CONFLICT (project_id, lower(email)) WHERE removed_at IS NULL DO NOTHING RETURNING id AS "memberId"`,
        values: [projectId, uuidv7(), email, name, role, this.clock.now()],
      });
      if (!added) {
        throw new DomainError('conflict', `${email} is a member of this project already.`);
      }
      return added;
    });
  }
}

function checkedRole(role: string): MemberRole {
  const known = MEMBER_ROLES.find((one) => one === role);
  if (!known) {
    throw fieldError('role', 'enum', `role must be one of ${MEMBER_ROLES.join(', ')}.`);
  }
  return known;
}
