import { Module } from '@nestjs/common';
import { ProjectsModule } from '#projects';
import { RoutingModule } from '#routing';
import { SettingsModule } from '#settings';
import { TicketsModule } from '#tickets';
import { CannedResponsesController } from './canned-responses/canned-responses.controller';
import { ConfigHistoryController } from './config-history/config-history.controller';
import { RoutingRulesController } from './routing-rules/routing-rules.controller';
import { SettingsController } from './settings/settings.controller';
import { TicketTypesController } from './ticket-types/ticket-types.controller';
import { UsageController } from './usage/usage.controller';

/** The API of a project's configuration and of what it uses. */
@Module({
  imports: [ProjectsModule, RoutingModule, SettingsModule, TicketsModule],
  controllers: [
    CannedResponsesController,
    ConfigHistoryController,
    RoutingRulesController,
    SettingsController,
    TicketTypesController,
    UsageController,
  ],
})
export class ConfigApiModule {}
