import { Injectable } from '@nestjs/common';
import { DomainError, fieldError } from '#contracts';
import type { ProjectScope, Tx } from '#database';
import { AgentDirectory } from '#projects';
import { ChangeTicket } from '../change-ticket/change-ticket';
import type { ChangedTicket, TicketCommand } from '../change-ticket/change-ticket';
import { assign } from '../domain/edit-ticket';
import { toTicketPayload } from '../domain/ticket-payload';

/** To whom, and on which condition. */
export interface AssignCommand extends TicketCommand {
  readonly agentId: string | null;
  /** Compare-and-set: the agent (or null) that the caller believes to be assigned; undefined = no matter. */
  readonly expectedAgentId?: string | null;
}

/** Assigns a ticket to a member who may answer, or to nobody. */
@Injectable()
export class AssignTicket {
  constructor(
    private readonly changeTicket: ChangeTicket,
    private readonly agents: AgentDirectory,
  ) {}

  /** @throws {DomainError} `validation_failed` for a stranger, `conflict` with the winner under `current`. */
  async execute(scope: ProjectScope, command: AssignCommand): Promise<ChangedTicket> {
    return this.changeTicket.execute(scope, command, async ({ tx, revision }) => {
      const { expectedAgentId } = command;
      if (expectedAgentId !== undefined && expectedAgentId !== revision.current.assignedTo) {
        throw new DomainError(
          'conflict',
          'Somebody else was quicker: `current.assigned_to` says who has the ticket now.',
          {
            extra: { current: toTicketPayload(revision.current) },
          },
        );
      }
      await requireAgent(this.agents, tx, command.agentId, 'assigned_to');
      assign(revision, command.agentId);
    });
  }
}

/** A member who may answer; null stays null. @throws {DomainError} `validation_failed` for `field`. */
export async function requireAgent(
  agents: AgentDirectory,
  tx: Tx,
  id: string | null,
  field: string,
): Promise<{ readonly id: string; readonly name: string } | null> {
  const agent = id === null ? null : await agents.find(tx, id);
  if (id !== null && agent === null) {
    throw fieldError(
      field,
      'not_found',
      'There is no member with this id who may answer tickets (owner, admin, support). GET /v1/helpdesk/agents lists them.',
    );
  }
  return agent;
}
