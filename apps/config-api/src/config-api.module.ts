import { Module } from '@nestjs/common';
import { ProjectsModule } from '#projects';
import { TicketsModule } from '#tickets';
import { UsageController } from './usage/usage.controller';

/** The API of a project's configuration and of what it uses. */
@Module({ imports: [ProjectsModule, TicketsModule], controllers: [UsageController] })
export class ConfigApiModule {}
