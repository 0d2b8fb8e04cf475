import { Module } from '@nestjs/common';
import { ProjectsModule } from '#projects';
import { SettingsModule } from '#settings';
import { TicketsModule } from '#tickets';
import { EditRoutingRules } from './edit-rules/edit-routing-rules.use-case';
import { RuleReferences } from './edit-rules/rule-references';
import { ExplainRouting } from './explain-routing/explain-routing.query';
import { ListRoutingRules } from './list-rules/list-routing-rules.query';
import { TicketRoutingRepository } from './persistence/ticket-routing.repository';
import { RouteTicket } from './route-ticket/route-ticket.use-case';
import { SimulateRouting } from './simulate-routing/simulate-routing.query';

const USE_CASES = [EditRoutingRules, ExplainRouting, ListRoutingRules, RouteTicket, SimulateRouting];

/** Rules by which new tickets are routed, and how each ticket was. */
@Module({
  imports: [ProjectsModule, SettingsModule, TicketsModule],
  providers: [...USE_CASES, RuleReferences, TicketRoutingRepository],
  exports: USE_CASES,
})
export class RoutingModule {}
