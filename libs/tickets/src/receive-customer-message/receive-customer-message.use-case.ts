import { Injectable } from '@nestjs/common';
import { DomainError } from '#contracts';
import { UnitOfWork } from '#database';
import type { ProjectScope } from '#database';
import { ChangeTicket } from '../change-ticket/change-ticket';
import type { ChangeContext, TicketRef } from '../change-ticket/change-ticket';
import { customerOf } from '../domain/customer';
import { toMessagePayload } from '../domain/message';
import { openTicket } from '../domain/open-ticket';
import { continuesHere } from '../domain/reopen-policy';
import { toTicketPayload } from '../domain/ticket-payload';
import type { TicketRevision } from '../domain/ticket-revision';
import { TicketRepository } from '../persistence/ticket.repository';
import type { AddedMessage } from '../reply-to-ticket/reply-to-ticket.use-case';

/** A virtual customer's message. */
export interface CustomerMessageCommand extends TicketRef {
  readonly text: string;
}

/**
 * Adds the message of a virtual customer. On a closed ticket the project's reopen policy decides whether the ticket reopens or
 * a new one continues the conversation; the closed ticket then points to the new one, and later messages go there too.
 */
@Injectable()
export class ReceiveCustomerMessage {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly changeTicket: ChangeTicket,
    private readonly tickets: TicketRepository,
  ) {}

  /** @throws {DomainError} `channel_mismatch` when the customer is in a messenger. */
  async execute(scope: ProjectScope, command: CustomerMessageCommand): Promise<AddedMessage> {
    return this.uow.run(scope, async (tx) => {
      const context = await this.openWhereItGoesOn(await this.changeTicket.open(tx, command, customerOf));
      const { revision, settings } = context;
      assertVirtual(revision);
      if (!continuesHere(revision.current, settings, revision.cause.at)) {
        return this.continueInNewTicket(context, command.text);
      }
      const { subscriberId, firstName, username } = revision.before;
      const message = revision.receive({
        authorType: 'customer',
        authorId: subscriberId,
        authorName: firstName ?? username,
        text: command.text,
        deliveryStatus: 'none',
      });
      const ticket = await this.tickets.updateAndCommit(tx, revision);
      return { message: toMessagePayload(message), ticket: toTicketPayload(ticket) };
    });
  }

  /** Follows a closed ticket to the one that continues it; locks are taken from the older to the newer ticket. */
  private async openWhereItGoesOn(context: ChangeContext): Promise<ChangeContext> {
    let here = context;
    while (here.revision.before.status === 'closed' && here.revision.before.continuedIn !== null) {
      here = await this.changeTicket.open(here.tx, { ticketId: here.revision.before.continuedIn }, customerOf);
    }
    return here;
  }

  private async continueInNewTicket({ tx, revision, settings }: ChangeContext, text: string): Promise<AddedMessage> {
    const { subject, channel, source, chatId, subscriberId, firstName, username, ticketTypeId, ticketTypeName } =
      revision.before;
    const type = ticketTypeId && ticketTypeName ? { id: ticketTypeId, name: ticketTypeName } : null;
    const number = await this.tickets.takeNumbers(tx, 1);
    const input = { text, subject, channel, source, chatId, subscriberId, firstName, username, type };
    const opened = openTicket({ scope: tx.scope, settings, cause: revision.cause }, number, input);
    revision.continueIn(opened.ticket.id);
    await this.tickets.insert(tx, [opened], () => revision.cause);
    await this.tickets.updateAndCommit(tx, revision);
    return { message: toMessagePayload(opened.message), ticket: toTicketPayload(opened.ticket) };
  }
}

function assertVirtual(revision: TicketRevision): void {
  const { channel } = revision.before;
  if (channel !== 'virtual') {
    throw new DomainError(
      'channel_mismatch',
      `The customer of this ticket writes on ${channel}: only virtual customers' messages come in over the API.`,
    );
  }
}
