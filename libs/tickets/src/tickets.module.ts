import { Module } from '@nestjs/common';
import { ProjectsModule } from '#projects';
import { SettingsModule } from '#settings';
import { SubscribersModule } from '#subscribers';
import { ApplyRule } from './apply-rule/apply-rule.use-case';
import { AssignTicket } from './assign-ticket/assign-ticket.use-case';
import { BulkUpdate } from './bulk-update/bulk-update.use-case';
import { ChangeStatus } from './change-status/change-status.use-case';
import { ChangeTicket } from './change-ticket/change-ticket';
import { CreateTicket } from './create-ticket/create-ticket.use-case';
import { NewTicketResolver } from './create-ticket/new-ticket-resolver';
import { FindTickets } from './find-tickets/find-tickets.query';
import { OpenTicketCounts } from './find-tickets/open-ticket-counts.query';
import { RecentOpenings } from './find-tickets/recent-openings.query';
import { GetTicket } from './get-ticket/get-ticket.query';
import { MessageReader } from './get-ticket/message-reader';
import { TicketConversation } from './get-ticket/ticket-conversation.query';
import { ReplyMeter } from './meter-replies/reply-meter';
import { FindDueSides } from './keep-time/find-due-sides.query';
import { KeepTime } from './keep-time/keep-time.use-case';
import { TicketRepository } from './persistence/ticket.repository';
import { RateTicket } from './rate-ticket/rate-ticket.use-case';
import { ReceiveCustomerMessage } from './receive-customer-message/receive-customer-message.use-case';
import { RenderCannedResponse } from './render-canned-response/render-canned-response.query';
import { ReplyToTicket } from './reply-to-ticket/reply-to-ticket.use-case';
import { ResetTestSide } from './reset-test-side/reset-test-side.use-case';
import { SetPriority } from './set-priority/set-priority.use-case';
import { TicketFacts } from './take-facts/ticket-facts';
import { UpdateTicket } from './update-ticket/update-ticket.use-case';

const USE_CASES = [
  ApplyRule,
  AssignTicket,
  BulkUpdate,
  ChangeStatus,
  CreateTicket,
  FindDueSides,
  FindTickets,
  GetTicket,
  KeepTime,
  OpenTicketCounts,
  RateTicket,
  ReceiveCustomerMessage,
  RenderCannedResponse,
  RecentOpenings,
  ReplyMeter,
  ReplyToTicket,
  ResetTestSide,
  SetPriority,
  TicketConversation,
  TicketFacts,
  UpdateTicket,
];

/** Tickets: what can happen to them, and how they are found. */
@Module({
  imports: [ProjectsModule, SettingsModule, SubscribersModule],
  providers: [...USE_CASES, ChangeTicket, MessageReader, NewTicketResolver, TicketRepository],
  exports: USE_CASES,
})
export class TicketsModule {}
