import { Module } from '@nestjs/common';
import { RoutingModule } from '#routing';
import { RouteTicketOnTicketCreated } from './consumers/route-ticket-on-ticket-created.consumer';

/** Routes new tickets by the project's rules. */
@Module({ imports: [RoutingModule], providers: [RouteTicketOnTicketCreated] })
export class RoutingEngineModule {}
