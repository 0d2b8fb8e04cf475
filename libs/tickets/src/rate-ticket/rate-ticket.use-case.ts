import { Injectable } from '@nestjs/common';
import { DomainError } from '#contracts';
import type { ProjectScope } from '#database';
import { ChangeTicket } from '../change-ticket/change-ticket';
import type { ChangedTicket, TicketRef } from '../change-ticket/change-ticket';
import { rate } from '../domain/csat';
import type { Rating } from '../domain/csat';
import { customerOf } from '../domain/customer';
import type { Ticket } from '../domain/ticket';

/** A virtual customer's rating, as the integrator has been told it. */
export interface RateCommand extends TicketRef, Rating {}

/** Stores what a virtual customer answers to the question that followed a close, or a change of the answer. */
@Injectable()
export class RateTicket {
  constructor(private readonly changeTicket: ChangeTicket) {}

  /** @throws {DomainError} `conflict` when the customer is in a messenger, was not asked, or answers too late. */
  async execute(scope: ProjectScope, command: RateCommand): Promise<ChangedTicket> {
    return this.changeTicket.executeBy(scope, command, customerOf, ({ revision }) => {
      assertVirtual(revision.before);
      rate(revision, command);
    });
  }
}

function assertVirtual({ channel }: Ticket): void {
  if (channel !== 'virtual') {
    throw new DomainError(
      'conflict',
      `The customer of this ticket is on ${channel} and rates there: only virtual customers’ ratings come in over the API.`,
    );
  }
}
