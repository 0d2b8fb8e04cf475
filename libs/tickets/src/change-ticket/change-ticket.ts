import { Injectable } from '@nestjs/common';
import { DomainError } from '#contracts';
import type { Actor, TicketPayload } from '#contracts';
import { UnitOfWork } from '#database';
import type { ProjectScope, Tx } from '#database';
import { Clock, currentRequest } from '#platform';
import { HelpdeskSettingsQuery } from '#settings';
import type { TicketSettings } from '#settings';
import type { LockedTicket, Ticket } from '../domain/ticket';
import { toTicketPayload } from '../domain/ticket-payload';
import { TicketRevision } from '../domain/ticket-revision';
import { TicketRepository } from '../persistence/ticket.repository';

/** Which ticket, and on which condition. */
export interface TicketRef {
  readonly ticketId: string;
  /** The version that the caller has seen: another one is `version_mismatch`. */
  readonly ifVersion?: number;
}

/** Which ticket, by whom, and on which condition. */
export interface TicketCommand extends TicketRef {
  readonly actor: Actor;
}

/** A ticket after a command, and whether the command changed it. */
export interface ChangedTicket {
  readonly ticket: TicketPayload;
  readonly changed: boolean;
}

/** What a change is made from: the locked ticket's revision and the settings that apply. */
export interface ChangeContext {
  readonly tx: Tx;
  readonly revision: TicketRevision;
  readonly settings: TicketSettings;
}

/**
 * The way of every change of one ticket: lock, check, apply the rules, store with history and events, commit. Two changes of
 * one ticket come one after the other, so of two with the same `ifVersion` exactly one wins.
 */
@Injectable()
export class ChangeTicket {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly tickets: TicketRepository,
    private readonly settings: HelpdeskSettingsQuery,
    private readonly clock: Clock,
  ) {}

  /** Runs the change in a transaction of its own. */
  async execute<T = void>(
    scope: ProjectScope,
    command: TicketCommand,
    apply: (context: ChangeContext) => T | Promise<T>,
  ): Promise<ChangedTicket & { readonly result: T }> {
    return this.executeBy(scope, command, () => command.actor, apply);
  }

  /** Like {@link execute}, for a doer whom only the ticket knows, as its customer. */
  async executeBy<T = void>(
    scope: ProjectScope,
    ref: TicketRef,
    actorOf: (ticket: Ticket) => Actor,
    apply: (context: ChangeContext) => T | Promise<T>,
  ): Promise<ChangedTicket & { readonly result: T }> {
    return this.uow.run(scope, async (tx) => {
      const context = await this.open(tx, ref, actorOf);
      const result = await apply(context);
      const { revision } = context;
      if (!revision.isChanged) {
        return { ticket: toTicketPayload(revision.before), changed: false, result };
      }
      const ticket = await this.tickets.updateAndCommit(tx, revision);
      return { ticket: toTicketPayload(ticket), changed: true, result };
    });
  }

  /** Locks the ticket and begins its revision; storing it is the caller's. */
  async open(tx: Tx, ref: TicketRef, actorOf: (ticket: Ticket) => Actor): Promise<ChangeContext> {
    const [settings, ticket] = await Promise.all([this.settings.loadEnabled(tx), this.tickets.lock(tx, ref.ticketId)]);
    if (!ticket) {
      throw ticketNotFound();
    }
    assertVersion(ticket, ref.ifVersion);
    return { tx, revision: this.revise(tx.scope, ticket, actorOf(ticket), settings), settings };
  }

  /**
   * Begins the revision of a ticket that the transaction has locked already. The time of a ticket never runs backwards, even
   * when the clocks of two processes differ.
   */
  revise(scope: ProjectScope, ticket: LockedTicket, actor: Actor, settings: TicketSettings): TicketRevision {
    const now = this.clock.now(scope);
    const at = now < ticket.updatedAt ? ticket.updatedAt : now;
    return new TicketRevision(ticket, { actor, at, ...currentRequest() }, settings);
  }
}

/** The ticket is not there, or is another project's: the caller cannot tell which. */
export function ticketNotFound(): DomainError {
  return new DomainError('ticket_not_found', 'There is no ticket with this id. GET /v1/helpdesk/tickets lists them.');
}

function assertVersion(ticket: Ticket, expected: number | undefined): void {
  if (expected !== undefined && expected !== ticket.version) {
    throw new DomainError(
      'version_mismatch',
      `The ticket has changed since: it is at version ${ticket.version}, not ${expected}. Look at \`current\` and try again with its version.`,
      { extra: { current: toTicketPayload(ticket) } },
    );
  }
}
