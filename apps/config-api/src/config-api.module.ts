import { Module } from '@nestjs/common';
import { ProjectsModule } from '#projects';
import { RoutingModule } from '#routing';
import { SettingsModule } from '#settings';
import { SlaModule } from '#sla';
import { TicketsModule } from '#tickets';
import { CannedResponsesController } from './canned-responses/canned-responses.controller';
import { ConfigHistoryController } from './config-history/config-history.controller';
import { RoutingRulesController } from './routing-rules/routing-rules.controller';
import { SettingsController } from './settings/settings.controller';
import { SlaReportController } from './sla-report/sla-report.controller';
import { TicketTypesController } from './ticket-types/ticket-types.controller';
import { UsageController } from './usage/usage.controller';

/** The API of a project's configuration and of what it uses. */
@Module({
  imports: [ProjectsModule, RoutingModule, SettingsModule, SlaModule, TicketsModule],
  controllers: [
    CannedResponsesController,
    ConfigHistoryController,
    RoutingRulesController,
    SettingsController,
    SlaReportController,
    TicketTypesController,
    UsageController,
  ],
})
export class ConfigApiModule {}
