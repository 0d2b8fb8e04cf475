import { Injectable } from '@nestjs/common';
import { TicketCreated } from '#contracts';
import type { EventEnvelope, TicketMessageEventData } from '#contracts';
import { Consumes } from '#messaging';
import type { ConsumeContext, EventConsumer } from '#messaging';
import { RouteTicket } from '#routing';

/** Routes each ticket that is opened, on either side of a project. Whatever it writes belongs to that ticket alone. */
@Injectable()
@Consumes(TicketCreated, { queue: 'routing-engine.route-ticket', sideBySide: true })
export class RouteTicketOnTicketCreated implements EventConsumer<TicketMessageEventData> {
  constructor(private readonly routeTicket: RouteTicket) {}

  async handle({ data }: EventEnvelope<TicketMessageEventData>, { tx }: ConsumeContext): Promise<void> {
    await this.routeTicket.execute(tx, data);
  }
}
