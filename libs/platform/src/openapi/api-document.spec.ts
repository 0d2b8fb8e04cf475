import { Body, Controller, Get, Module, Param, Patch, Post, Query } from '@nestjs/common';
import type { Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ApiProperty, ApiTags } from '@nestjs/swagger';
import { TicketCreated } from '#contracts';
import { OneLine, OneOf, Text } from '../fields/fields';
import { IfMatch } from '../http/if-match';
import { PageQuery } from '../http/page.query';
import { UuidPathParam } from '../http/path-params';
import { OpenToEverybody } from '../http/route-access';
import { describeApi } from './api-document';
import type { ApiDocument } from './api-document';
import type { Operation } from './operation';
import { DescribeEvents } from './describe-events';
import { DescribeRoute } from './describe-route';
import { listOf } from './list-of';

class OwnerDto {
  @ApiProperty({ type: String, description: 'The name.', example: 'Ivan' })
  readonly name!: string;
}

class TicketDto {
  @ApiProperty({ type: String, nullable: true, description: 'What it is about.', example: 'Login issue' })
  readonly subject!: string | null;

  @ApiProperty({ type: String, nullable: true, enum: ['agent', 'customer'], description: 'Who.', example: 'agent' })
  readonly last!: string | null;

  @ApiProperty({ type: OwnerDto, description: 'Whose it is.' })
  readonly owner!: OwnerDto;

  @ApiProperty({ type: 'integer', description: 'The version.', example: 3 })
  readonly version!: number;
}

class TicketListDto extends listOf('tickets', TicketDto) {}

class EventDto {
  @ApiProperty({ type: TicketDto, description: 'The ticket.' })
  readonly ticket!: TicketDto;
}

class ChangeDto {
  @Text({ required: true, max: 10, description: 'The text.', example: 'Hello' })
  readonly text!: string;

  @OneLine({ nullable: true, max: 5, description: 'The name.', example: 'Ivan' })
  readonly name?: string | null;
}

class ListQuery extends PageQuery {
  @OneOf(['a', 'b'], { description: 'The order.', example: 'a' })
  readonly sort?: string;
}

@ApiTags('Tickets')
@DescribeEvents([[EventDto, [TicketCreated]]])
@Controller('tickets')
class TicketsController {
  @Get()
  @DescribeRoute({
    operationId: 'listTickets',
    summary: 'List',
    description: 'Lists them.',
    answer: { type: TicketListDto, description: 'A page.' },
  })
  list(@Query() _query: ListQuery) {}

  @Post()
  @DescribeRoute({
    operationId: 'createTicket',
    summary: 'Create',
    description: 'Creates one.',
    answer: { status: 201, type: TicketDto, description: 'The ticket.' },
  })
  create(@Body() _body: ChangeDto) {}

  @Patch(':id')
  @DescribeRoute({
    operationId: 'changeTicket',
    summary: 'Change',
    description: 'Changes it.',
    answer: { type: TicketDto, description: 'The ticket.' },
    errors: [{ code: 'version_mismatch', members: { current: TicketDto } }, 'conflict'],
  })
  change(
    @Param('id', UuidPathParam('ticket_not_found')) _id: string,
    @IfMatch() _version: number,
    @Body() _body: ChangeDto,
  ) {}

  @Get('help')
  @OpenToEverybody()
  @DescribeRoute({
    operationId: 'getHelp',
    summary: 'Help',
    description: 'Helps.',
    answer: { type: OwnerDto, description: 'Help.' },
  })
  help() {}
}

async function describeController(controller: Type): Promise<ApiDocument> {
  @Module({ controllers: [controller] })
  class Toy {}
  const app = await NestFactory.create(Toy, { logger: false, preview: true, abortOnError: false });
  return describeApi(app, { serverUrl: 'https://helpdesk.example.com' });
}

const headersOf = (operation: Operation | undefined, status: string): string[] =>
  Object.keys(operation?.responses[status]?.headers ?? {});

describe('the API document', () => {
  let document: ApiDocument;

  beforeAll(async () => {
    document = await describeController(TicketsController);
  });

  const operation = (method: string, path: string) => document.paths[path]?.[method];
  const parameters = (method: string, path: string) =>
    (operation(method, path)?.parameters ?? []).map(({ name, $ref }) => name ?? $ref?.split('/').at(-1));

  it('speaks OpenAPI 3.1: null is a type, an example one of several', () => {
    expect(document.openapi).toBe('3.1.0');
    expect(document.components.schemas['Ticket']).toEqual({
      type: 'object',
      required: ['subject', 'last', 'owner', 'version'],
      properties: {
        subject: { type: ['string', 'null'], description: 'What it is about.', examples: ['Login issue'] },
        last: { type: ['string', 'null'], enum: ['agent', 'customer', null], description: 'Who.', examples: ['agent'] },
        owner: { $ref: '#/components/schemas/Owner', description: 'Whose it is.' },
        version: { type: 'integer', description: 'The version.', examples: [3] },
      },
    });
  });

  it('names the schemas after what they are, not after their classes', () => {
    expect(Object.keys(document.components.schemas)).toEqual([
      'Change',
      'Error',
      'ErrorDetail',
      'Event',
      'Owner',
      'Ticket',
      'TicketList',
    ]);
  });

  it('closes bodies to unknown members, and leaves answers open to new ones', () => {
    expect(document.components.schemas['Change']?.additionalProperties).toBe(false);
    expect(document.components.schemas['Ticket']).not.toHaveProperty('additionalProperties');
  });

  it('lists what a request may carry', () => {
    expect(parameters('get', '/tickets')).toEqual(['limit', 'offset', 'cursor', 'sort', 'RequestId']);
    expect(parameters('post', '/tickets')).toEqual(['IdempotencyKey', 'RequestId']);
    expect(parameters('patch', '/tickets/{id}')).toEqual(['id', 'If-Match', 'RequestId']);
    expect(operation('patch', '/tickets/{id}')?.parameters).toContainEqual({
      name: 'id',
      in: 'path',
      required: true,
      description: 'The ticket’s id.',
      schema: { type: 'string', format: 'uuid' },
      example: expect.any(String),
    });
  });

  it('shows a body that works', () => {
    expect(operation('post', '/tickets')?.requestBody).toEqual({
      required: true,
      content: {
        'application/json': {
          schema: { $ref: '#/components/schemas/Change' },
          examples: { typical: { summary: 'A typical request', value: { text: 'Hello' } } },
        },
      },
    });
  });

  it('lists every error with an example, and what it carries beside the envelope', () => {
    const responses = operation('patch', '/tickets/{id}')?.responses ?? {};
    expect(Object.keys(responses)).toEqual([
      '200',
      '400',
      '401',
      '403',
      '404',
      '409',
      '412',
      '413',
      '415',
      '429',
      '500',
      '503',
    ]);
    expect(responses['412']).toMatchObject({
      content: {
        'application/json': {
          schema: {
            allOf: [{ $ref: '#/components/schemas/Error' }],
            properties: { current: { $ref: '#/components/schemas/Ticket' } },
          },
          examples: {
            version_mismatch: { value: { code: 'version_mismatch', retryable: false, current: { version: 3 } } },
          },
        },
      },
    });
    expect(responses['429']).toMatchObject({ headers: { 'Retry-After': {} } });
  });

  it('lists the headers of answers where they come', () => {
    expect(headersOf(operation('get', '/tickets'), '200')).toEqual(['X-Request-Id', 'RateLimit-Policy', 'RateLimit']);
    expect(headersOf(operation('post', '/tickets'), '201')).toEqual([
      'X-Request-Id',
      'RateLimit-Policy',
      'RateLimit',
      'Idempotent-Replayed',
      'ETag',
    ]);
    expect(headersOf(operation('get', '/tickets/help'), '200')).toEqual(['X-Request-Id']);
  });

  it('asks for the key, but not where everybody may come in', () => {
    expect(operation('get', '/tickets')?.security).toEqual([{ apiKey: [] }]);
    expect(operation('get', '/tickets/help')?.security).toEqual([]);
    expect(Object.keys(operation('get', '/tickets/help')?.responses ?? {})).toEqual(['200', '400', '500', '503']);
  });

  it('describes the events as webhooks', () => {
    expect(document.webhooks).toMatchObject({
      'ticket.created': {
        post: {
          requestBody: {
            content: {
              'application/json': {
                schema: {
                  properties: { event: { const: 'ticket.created' }, data: { $ref: '#/components/schemas/Event' } },
                },
                examples: { 'ticket.created': { value: { event: 'ticket.created', data: TicketCreated.example } } },
              },
            },
          },
        },
      },
    });
  });

  it('refuses a route that says nothing of itself', async () => {
    @Controller('silent')
    class SilentController {
      @Get()
      get() {}
    }
    await expect(describeController(SilentController)).rejects.toThrow('GET /silent lacks @DescribeRoute().');
  });
});
