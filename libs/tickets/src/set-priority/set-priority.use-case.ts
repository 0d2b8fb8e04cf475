import { Injectable } from '@nestjs/common';
import type { TicketPriority } from '#contracts';
import type { ProjectScope } from '#database';
import { ChangeTicket } from '../change-ticket/change-ticket';
import type { ChangedTicket, TicketCommand } from '../change-ticket/change-ticket';
import { setPriority } from '../domain/edit-ticket';

/** Sets a ticket's priority. */
@Injectable()
export class SetPriority {
  constructor(private readonly changeTicket: ChangeTicket) {}

  /** @throws {DomainError} `ticket_not_found`, `version_mismatch`, `helpdesk_disabled`. */
  async execute(
    scope: ProjectScope,
    command: TicketCommand & { readonly priority: TicketPriority },
  ): Promise<ChangedTicket> {
    return this.changeTicket.execute(scope, command, ({ revision }) => setPriority(revision, command.priority));
  }
}
