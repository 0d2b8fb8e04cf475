import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Actor } from '#contracts';
import type { ProjectScope } from '#database';
import { DescribeRoute, Idempotent, IfMatch, UuidPathParam } from '#platform';
import { CurrentActor, CurrentProject, ProjectApi } from '#projects';
import { ReceiveCustomerMessage, ReplyToTicket, TicketConversation } from '#tickets';
import { ConversationQuery, CustomerReplyDto, ReplyDto } from './ticket-messages.dto';
import { AddedMessageDto, HistoryListDto, MessageDto, MessageListDto, TicketDto } from './ticket.answers';
import { REPLY_EXAMPLES } from './ticket.examples';
import { presentAddedMessage, presentConversation } from './ticket.presenter';
import type { AddedMessageAnswer } from './ticket.presenter';

const TicketId = () => Param('id', UuidPathParam('ticket_not_found'));
const ERRORS = [{ code: 'version_mismatch', members: { current: TicketDto } }, 'helpdesk_disabled'] as const;

/** What is said on a ticket, and what has happened to it. */
@ApiTags('Tickets')
@Controller('v1/helpdesk/tickets/:id')
export class TicketMessagesController {
  constructor(
    private readonly replyToTicket: ReplyToTicket,
    private readonly receiveCustomerMessage: ReceiveCustomerMessage,
    private readonly conversation: TicketConversation,
  ) {}

  @Post('reply')
  @Idempotent()
  @ProjectApi('tickets:write')
  @DescribeRoute({
    operationId: 'replyToTicket',
    summary: 'Reply, or add an internal note',
    description:
      'Adds an agent’s answer, which the customer gets in the messenger, or with `internal: true` a note that only the team sees. Without `status` a public answer sets a new or running ticket to `waiting`.',
    requests: REPLY_EXAMPLES,
    answer: { status: 201, type: AddedMessageDto, description: 'The message, and in it the ticket after it.' },
    errors: [...ERRORS, 'billing_blocked', { code: 'newer_messages', members: { messages: [MessageDto] } }],
  })
  async reply(
    @CurrentProject() project: ProjectScope,
    @CurrentActor() actor: Actor,
    @TicketId() ticketId: string,
    @IfMatch() ifVersion: number | undefined,
    @Body() body: ReplyDto,
  ): Promise<AddedMessageAnswer> {
    return presentAddedMessage(
      await this.replyToTicket.execute(project, { ticketId, actor, ifVersion, ...body.toReply() }),
    );
  }

  @Post('customer-reply')
  @Idempotent()
  @ProjectApi('tickets:write')
  @DescribeRoute({
    operationId: 'addCustomerReply',
    summary: 'Add a virtual customer’s message',
    description:
      'Adds a message on behalf of a virtual customer. On a closed ticket the project’s reopen policy decides whether it reopens or a new ticket goes on.',
    answer: { status: 201, type: AddedMessageDto, description: 'The message, and in it the ticket that it went to.' },
    errors: [...ERRORS, 'channel_mismatch'],
  })
  async customerReply(
    @CurrentProject() project: ProjectScope,
    @TicketId() ticketId: string,
    @IfMatch() ifVersion: number | undefined,
    @Body() body: CustomerReplyDto,
  ): Promise<AddedMessageAnswer> {
    const { text } = body;
    return presentAddedMessage(await this.receiveCustomerMessage.execute(project, { ticketId, ifVersion, text }));
  }

  @Get('messages')
  @ProjectApi('tickets:read')
  @DescribeRoute({
    operationId: 'listTicketMessages',
    summary: 'List a ticket’s messages',
    description:
      'Returns messages and internal notes, oldest first. `messages_next_cursor` of the ticket’s details walks backwards from there to the first.',
    answer: { type: MessageListDto, description: 'One page of messages.' },
  })
  async messages(
    @CurrentProject() project: ProjectScope,
    @TicketId() ticketId: string,
    @Query() query: ConversationQuery,
  ) {
    const request = query.toRequest(ticketId, 'messages');
    return presentConversation('messages', await this.conversation.messages(project, request), request);
  }

  @Get('history')
  @ProjectApi('tickets:read')
  @DescribeRoute({
    operationId: 'listTicketHistory',
    summary: 'List a ticket’s history',
    description: 'Returns every change of the ticket, oldest first: by whom, when, what it was and what it is.',
    answer: { type: HistoryListDto, description: 'One page of history.' },
  })
  async history(
    @CurrentProject() project: ProjectScope,
    @TicketId() ticketId: string,
    @Query() query: ConversationQuery,
  ) {
    const request = query.toRequest(ticketId, 'history');
    return presentConversation('history', await this.conversation.history(project, request), request);
  }
}
