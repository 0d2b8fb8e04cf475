import { Body, Controller, Get, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Actor } from '#contracts';
import { UnitOfWork } from '#database';
import type { ProjectScope } from '#database';
import { DescribeRoute } from '#platform';
import { CurrentActor, CurrentProject, ProjectApi } from '#projects';
import { HelpdeskSettingsQuery, UpdateSettings } from '#settings';
import { SettingsDto } from './settings.answer';
import { UpdateSettingsDto } from './settings.dto';
import { SETTINGS_EXAMPLES } from './settings.examples';
import { presentSettings } from './settings.presenter';
import type { SettingsPayload } from './settings.presenter';

/** How the project's helpdesk behaves. */
@ApiTags('Settings')
@Controller('v1/helpdesk/settings')
export class SettingsController {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly settings: HelpdeskSettingsQuery,
    private readonly updateSettings: UpdateSettings,
  ) {}

  @Get()
  @ProjectApi('config:read')
  @DescribeRoute({
    operationId: 'getSettings',
    summary: 'Get the settings',
    description: 'Returns all settings. A test key reads those of the live side, which count for both.',
    answer: { type: SettingsDto, description: 'The settings.' },
  })
  async get(@CurrentProject() project: ProjectScope): Promise<SettingsPayload> {
    return presentSettings(await this.uow.run(project, (tx) => this.settings.loadWhole(tx)));
  }

  @Put()
  @ProjectApi('config:write')
  @DescribeRoute({
    operationId: 'updateSettings',
    summary: 'Change settings',
    description:
      'Changes the given settings and leaves the others. Null clears the messages, the SLA thresholds, the CSAT text, the unanswered threshold and the business hours. Each change is in the configuration’s history.',
    requests: SETTINGS_EXAMPLES,
    answer: { type: SettingsDto, description: 'All settings after the change.' },
  })
  async update(
    @CurrentProject() project: ProjectScope,
    @CurrentActor() actor: Actor,
    @Body() body: UpdateSettingsDto,
  ): Promise<SettingsPayload> {
    return presentSettings(await this.updateSettings.execute(project, actor, body.toChanges()));
  }
}
