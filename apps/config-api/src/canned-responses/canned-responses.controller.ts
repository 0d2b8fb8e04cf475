import { Body, Controller, Delete, Get, Param, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Actor } from '#contracts';
import type { ProjectScope } from '#database';
import { DescribeRoute, Idempotent, UuidPathParam } from '#platform';
import { CurrentActor, CurrentProject, ProjectApi } from '#projects';
import { CannedResponseQuery, EditCannedResponses } from '#settings';
import { RenderCannedResponse } from '#tickets';
import { CannedResponseDto, CannedResponseListDto, RenderedTextDto } from './canned-response.answer';
import {
  CannedResponseListQuery,
  CreateCannedResponseDto,
  RenderCannedResponseDto,
  UpdateCannedResponseDto,
} from './canned-response.dto';
import { presentCannedResponse, presentCannedResponses } from './canned-response.presenter';
import type { CannedResponsePayload } from './canned-response.presenter';

const ResponseId = () => Param('id', UuidPathParam('canned_response_not_found'));

/** Prepared answers. */
@ApiTags('Canned responses')
@Controller('v1/helpdesk/canned-responses')
export class CannedResponsesController {
  constructor(
    private readonly responses: CannedResponseQuery,
    private readonly edit: EditCannedResponses,
    private readonly renderResponse: RenderCannedResponse,
  ) {}

  @Get()
  @ProjectApi('tickets:read', 'config:read')
  @DescribeRoute({
    operationId: 'listCannedResponses',
    summary: 'List canned responses',
    description: 'Returns the canned responses by title.',
    answer: { type: CannedResponseListDto, description: 'One page of canned responses.' },
  })
  async list(@CurrentProject() project: ProjectScope, @Query() query: CannedResponseListQuery) {
    const request = query.toRequest();
    return presentCannedResponses(await this.responses.list(project, request), request);
  }

  @Post()
  @Idempotent()
  @ProjectApi('config:write')
  @DescribeRoute({
    operationId: 'createCannedResponse',
    summary: 'Create a canned response',
    description: 'Creates a canned response. A project has at most 500, and each shortcut once.',
    answer: { status: 201, type: CannedResponseDto, description: 'The canned response.' },
    errors: ['conflict'],
  })
  async create(
    @CurrentProject() project: ProjectScope,
    @CurrentActor() actor: Actor,
    @Body() body: CreateCannedResponseDto,
  ): Promise<CannedResponsePayload> {
    return presentCannedResponse(await this.edit.create(project, actor, body.toFields()));
  }

  @Put(':id')
  @ProjectApi('config:write')
  @DescribeRoute({
    operationId: 'updateCannedResponse',
    summary: 'Change a canned response',
    description: 'Changes the given fields and leaves the others; null clears the shortcut.',
    answer: { type: CannedResponseDto, description: 'The canned response after the change.' },
    errors: ['conflict'],
  })
  async update(
    @CurrentProject() project: ProjectScope,
    @CurrentActor() actor: Actor,
    @ResponseId() id: string,
    @Body() body: UpdateCannedResponseDto,
  ): Promise<CannedResponsePayload> {
    return presentCannedResponse(await this.edit.update(project, { actor, id }, body.toChanges()));
  }

  @Delete(':id')
  @ProjectApi('config:write')
  @DescribeRoute({
    operationId: 'deleteCannedResponse',
    summary: 'Delete a canned response',
    description: 'Deletes it; its shortcut is free again. What was answered with it stays.',
    answer: { status: 204, description: 'It is deleted.' },
  })
  async delete(
    @CurrentProject() project: ProjectScope,
    @CurrentActor() actor: Actor,
    @ResponseId() id: string,
  ): Promise<void> {
    await this.edit.delete(project, { actor, id });
  }

  @Post(':id/render')
  @Idempotent()
  @ProjectApi('tickets:read', 'config:read')
  @DescribeRoute({
    operationId: 'renderCannedResponse',
    summary: 'Render a canned response for a ticket',
    description:
      'Fills in the variables from a ticket of the key’s own side; one without a value becomes empty. `agent_name` is the agent who asks, else the one to whom the ticket is assigned. Nothing is sent, and no use is counted.',
    answer: { type: RenderedTextDto, description: 'The text.' },
  })
  async render(
    @CurrentProject() project: ProjectScope,
    @CurrentActor() actor: Actor,
    @ResponseId() cannedResponseId: string,
    @Body() body: RenderCannedResponseDto,
  ): Promise<RenderedTextDto> {
    const command = { cannedResponseId, ticketId: body.ticket_id, actor };
    return { text: await this.renderResponse.execute(project, command) };
  }
}
