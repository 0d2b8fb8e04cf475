import { Injectable } from '@nestjs/common';
import { fieldError } from '#contracts';
import type { Actor } from '#contracts';
import { UnitOfWork } from '#database';
import type { ProjectScope, Tx } from '#database';
import { AgentDirectory, ProjectNameQuery } from '#projects';
import { CannedResponseQuery, fillVariables } from '#settings';

/** Which canned response to render, for which ticket and for whom. */
export interface RenderCommand {
  readonly cannedResponseId: string;
  readonly ticketId: string;
  readonly actor: Actor;
}

interface TicketValues {
  readonly first_name: string | null;
  readonly username: string | null;
  readonly ticket_number: number;
  readonly subject: string | null;
  readonly assigned_to: string | null;
}

/** Makes the text of a canned response for a ticket. It is for a person to look at: nothing is sent, and no use is counted. */
@Injectable()
export class RenderCannedResponse {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly responses: CannedResponseQuery,
    private readonly agents: AgentDirectory,
    private readonly projectName: ProjectNameQuery,
  ) {}

  /** @throws {DomainError} `canned_response_not_found`; `validation_failed` for a ticket that the side does not have. */
  async execute(scope: ProjectScope, { cannedResponseId, ticketId, actor }: RenderCommand): Promise<string> {
    return this.uow.run(scope, async (tx) => {
      const { text } = await this.responses.require(tx, cannedResponseId);
      const { assigned_to, ...values } = await findTicket(tx, ticketId);
      const agent_name = actor.type === 'agent' ? actor.name : await this.agentName(tx, assigned_to);
      return fillVariables(text, { ...values, agent_name, project_name: await this.projectName.find(tx) });
    });
  }

  private async agentName(tx: Tx, id: string | null): Promise<string | null> {
    const agent = id === null ? null : await this.agents.find(tx, id);
    return agent?.name ?? null;
  }
}

async function findTicket(tx: Tx, id: string): Promise<TicketValues> {
  const [ticket] = await tx.query<TicketValues>({
    text: 'SELECT first_name, username, ticket_number, subject, assigned_to FROM ticket WHERE project_id = $1 AND id = $2',
    values: [tx.scope.projectId, id],
  });
  if (!ticket) {
    throw fieldError('ticket_id', 'not_found', 'There is no ticket with this id. GET /v1/helpdesk/tickets lists them.');
  }
  return ticket;
}
