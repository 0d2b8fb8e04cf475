import { Injectable } from '@nestjs/common';
import type { ProjectScope } from '#database';
import { TicketTypeQuery } from '#settings';
import { ChangeTicket } from '../change-ticket/change-ticket';
import type { ChangedTicket, TicketCommand } from '../change-ticket/change-ticket';
import { setSubject, setTags, setType } from '../domain/edit-ticket';

/** The fields to set; undefined leaves a field as it is, null clears it. */
export interface UpdateCommand extends TicketCommand {
  readonly subject?: string | null;
  readonly ticketTypeId?: string | null;
  /** The whole list. */
  readonly tags?: readonly string[];
}

/** Changes a ticket's subject, type or tags, all given ones in one step. */
@Injectable()
export class UpdateTicket {
  constructor(
    private readonly changeTicket: ChangeTicket,
    private readonly types: TicketTypeQuery,
  ) {}

  /** @throws {DomainError} `validation_failed` for an unknown or disabled type. */
  async execute(scope: ProjectScope, command: UpdateCommand): Promise<ChangedTicket> {
    return this.changeTicket.execute(scope, command, async ({ tx, revision }) => {
      const { subject, ticketTypeId, tags } = command;
      if (ticketTypeId !== undefined && ticketTypeId !== revision.current.ticketTypeId) {
        setType(revision, await this.types.requireEnabled(tx, ticketTypeId));
      }
      if (subject !== undefined) {
        setSubject(revision, subject);
      }
      if (tags !== undefined) {
        setTags(revision, tags);
      }
    });
  }
}
