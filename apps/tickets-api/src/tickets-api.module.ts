import { Module } from '@nestjs/common';
import { ProjectsModule } from '#projects';
import { RoutingModule } from '#routing';
import { SubscribersModule } from '#subscribers';
import { TicketsModule } from '#tickets';
import { AgentsController } from './agents/agents.controller';
import { EventStreamController } from './events/event-stream.controller';
import { EventsController } from './events/events.controller';
import { SubscribersController } from './subscribers/subscribers.controller';
import { TestSideController } from './test-side/test-side.controller';
import { TicketActionsController } from './tickets/ticket-actions.controller';
import { TicketMessagesController } from './tickets/ticket-messages.controller';
import { TicketRoutingController } from './tickets/ticket-routing.controller';
import { TicketsController } from './tickets/tickets.controller';

/** The API of tickets: opening, answering, changing and finding them, and what is told about them. */
@Module({
  imports: [ProjectsModule, RoutingModule, SubscribersModule, TicketsModule],
  controllers: [
    TicketsController,
    TicketMessagesController,
    TicketActionsController,
    TicketRoutingController,
    AgentsController,
    SubscribersController,
    EventsController,
    EventStreamController,
    TestSideController,
  ],
})
export class TicketsApiModule {}
