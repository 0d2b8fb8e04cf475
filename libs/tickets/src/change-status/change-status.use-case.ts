import { Injectable } from '@nestjs/common';
import type { TicketStatus } from '#contracts';
import type { ProjectScope } from '#database';
import { ChangeTicket } from '../change-ticket/change-ticket';
import type { ChangedTicket, TicketCommand } from '../change-ticket/change-ticket';

/** Sets a ticket's status: any to any other, the same one is no change. */
@Injectable()
export class ChangeStatus {
  constructor(private readonly changeTicket: ChangeTicket) {}

  /** @throws {DomainError} `ticket_not_found`, `version_mismatch`, `helpdesk_disabled`. */
  async execute(
    scope: ProjectScope,
    command: TicketCommand & { readonly status: TicketStatus },
  ): Promise<ChangedTicket> {
    return this.changeTicket.execute(scope, command, ({ revision }) => revision.changeStatus(command.status));
  }
}
