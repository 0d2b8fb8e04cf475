import { Injectable } from '@nestjs/common';
import { ASSIGNABLE_ROLES } from '#contracts';
import type { MemberRole } from '#contracts';
import { UnitOfWork } from '#database';
import type { ProjectScope, Tx } from '#database';

/** A member who may answer tickets, as their author or assignee. */
export interface Agent {
  readonly id: string;
  readonly name: string;
}

/** The same with what a list shows. */
export interface AgentDetails extends Agent {
  readonly email: string;
  readonly role: MemberRole;
}

const IS_AGENT = `project_id = $1 AND removed_at IS NULL AND role = ANY($2)`;

/** The members of a project who may answer tickets: owners, admins and support. Both sides share them. */
@Injectable()
export class AgentDirectory {
  constructor(private readonly uow: UnitOfWork) {}

  /** The agent with this id; null for anybody else, those who left included. */
  async find(tx: Tx, id: string): Promise<Agent | null> {
    const [agent] = await tx.query<Agent>({
      name: 'find-agent',
      text: `SELECT id, name FROM member WHERE ${IS_AGENT} AND id = $3`,
      values: [tx.scope.liveProjectId, ASSIGNABLE_ROLES, id],
    });
    return agent ?? null;
  }

  /** All agents by name. */
  async list(scope: ProjectScope): Promise<AgentDetails[]> {
    return this.uow.read<AgentDetails>(scope, {
      text: `SELECT id, name, email, role FROM member WHERE ${IS_AGENT} ORDER BY lower(name), id`,
      values: [scope.liveProjectId, ASSIGNABLE_ROLES],
    });
  }

  /** The names of members by their ids, also of those who have left or may not answer any more. */
  async names(tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const rows = await tx.query<Agent>({
      text: 'SELECT id, name FROM member WHERE project_id = $1 AND id = ANY($2::uuid[])',
      values: [tx.scope.liveProjectId, [...ids]],
    });
    return new Map(rows.map(({ id, name }) => [id, name]));
  }
}
