import { Injectable } from '@nestjs/common';
import type { Actor, Channel, TicketPayload, TicketSource } from '#contracts';
import { UnitOfWork } from '#database';
import type { ProjectScope } from '#database';
import { Clock, currentRequest } from '#platform';
import { HelpdeskSettingsQuery } from '#settings';
import { openTicket } from '../domain/open-ticket';
import { toTicketPayload } from '../domain/ticket-payload';
import type { Cause } from '../domain/ticket-revision';
import { TicketRepository } from '../persistence/ticket.repository';
import { NewTicketResolver } from './new-ticket-resolver';
import { ProjectBatches } from './project-batches';
import { together } from './together';

/** A ticket that someone opens on behalf of a customer. */
export interface CreateTicketCommand {
  readonly actor: Actor;
  readonly source: TicketSource;
  readonly text: string;
  readonly subject: string | null;
  readonly channel: Channel;
  readonly chatId: number | null;
  /** The integrator's id of a virtual customer, who is a subscriber only with one. */
  readonly externalId: string | null;
  readonly firstName: string | null;
  readonly username: string | null;
  readonly ticketTypeId: string | null;
}

/** A command with its cause, as it waits to be stored. */
export interface CreateRequest {
  readonly command: CreateTicketCommand;
  readonly cause: Cause;
}

/**
 * Opens tickets. Creates of one project that arrive while one is being stored are stored together in the next transaction: the
 * project's number counter is a queue anyway, and one that is shared costs each of them less.
 */
@Injectable()
export class CreateTicket {
  private readonly batches = new ProjectBatches<CreateRequest, TicketPayload>((scope, requests) =>
    this.store(scope, requests),
  );

  constructor(
    private readonly uow: UnitOfWork,
    private readonly settings: HelpdeskSettingsQuery,
    private readonly resolver: NewTicketResolver,
    private readonly tickets: TicketRepository,
    private readonly clock: Clock,
  ) {}

  /** @throws {DomainError} `validation_failed` for an unknown or disabled type, `helpdesk_disabled`. */
  async execute(scope: ProjectScope, command: CreateTicketCommand): Promise<TicketPayload> {
    const cause = { actor: command.actor, at: this.clock.now(scope), ...currentRequest() };
    const request = { command, cause };
    // Within a transaction of the caller's the ticket must be part of that one.
    return this.uow.isShared ? this.storeAlone(scope, request) : this.batches.add(scope, request);
  }

  private async storeAlone(scope: ProjectScope, request: CreateRequest): Promise<TicketPayload> {
    const [ticket] = await this.store(scope, [request]);
    return ticket as TicketPayload;
  }

  private async store(scope: ProjectScope, requests: readonly CreateRequest[]): Promise<TicketPayload[]> {
    return this.uow.run(scope, async (tx) => {
      // The counter is locked before any subscriber, in every create alike: so no two of them can block each other.
      const [first, inputs, settings] = await together([
        this.tickets.takeNumbers(tx, requests.length),
        this.resolver.resolveAll(tx, requests),
        this.settings.loadEnabled(tx),
      ]);
      const opened = inputs.map((input, index) =>
        openTicket({ scope, settings, cause: (requests[index] as CreateRequest).cause }, first + index, input),
      );
      await this.tickets.insertAndCommit(tx, opened, (index) => (requests[index] as CreateRequest).cause);
      return opened.map(({ ticket }) => toTicketPayload(ticket));
    });
  }
}
