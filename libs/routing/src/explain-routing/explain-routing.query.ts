import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '#database';
import type { ProjectScope } from '#database';
import { notThere } from '#platform';
import { TicketRoutingRepository } from '../persistence/ticket-routing.repository';
import type { TicketRouting } from '../persistence/ticket-routing.repository';

/** Reads how a ticket was routed. */
@Injectable()
export class ExplainRouting {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly routings: TicketRoutingRepository,
  ) {}

  /**
   * Null for a ticket that was not routed yet.
   * @throws {DomainError} `ticket_not_found`.
   */
  async ofTicket(scope: ProjectScope, ticketId: string): Promise<TicketRouting | null> {
    const routing = await this.uow.run(scope, (tx) => this.routings.find(tx, ticketId));
    if (routing === undefined) {
      throw notThere('ticket_not_found');
    }
    return routing;
  }
}
