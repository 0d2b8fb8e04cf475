export { ApplyRule } from './apply-rule/apply-rule.use-case';
export type { ApplyRuleCommand } from './apply-rule/apply-rule.use-case';
export { AssignTicket, requireAgent } from './assign-ticket/assign-ticket.use-case';
export type { AssignCommand } from './assign-ticket/assign-ticket.use-case';
export { BulkUpdate } from './bulk-update/bulk-update.use-case';
export type { BulkAction, BulkCommand, BulkResult } from './bulk-update/bulk-update.use-case';
export { ChangeStatus } from './change-status/change-status.use-case';
export type { ChangedTicket, TicketCommand } from './change-ticket/change-ticket';
export { CreateTicket } from './create-ticket/create-ticket.use-case';
export type { CreateTicketCommand } from './create-ticket/create-ticket.use-case';
export type { RuleActionOutcome, RuleActions } from './domain/apply-rule-actions';
export { FACT_KINDS } from './domain/ticket-facts';
export type { FactChange, FactChanges, FactKey, FactKind } from './domain/ticket-facts';
export { MAX_TAGS } from './domain/tags';
export { FindTickets } from './find-tickets/find-tickets.query';
export type { TicketListRequest, TicketPage } from './find-tickets/find-tickets.query';
export { OpenTicketCounts } from './find-tickets/open-ticket-counts.query';
export { RecentOpenings } from './find-tickets/recent-openings.query';
export type { TicketOpening } from './find-tickets/recent-openings.query';
export { isTicketPosition } from './find-tickets/ticket-order.sql';
export { TICKET_SORTS } from './find-tickets/ticket-filter';
export type { TicketFilter, TicketSort } from './find-tickets/ticket-filter';
export { DETAILS_MESSAGES, GetTicket } from './get-ticket/get-ticket.query';
export type { TicketDetails } from './get-ticket/get-ticket.query';
export { TicketConversation } from './get-ticket/ticket-conversation.query';
export type {
  ConversationPage,
  ConversationPosition,
  ConversationRequest,
  HistoryItemPayload,
} from './get-ticket/ticket-conversation.query';
export { TIME_DUTIES } from './keep-time/due-tickets.sql';
export type { TimeDuty } from './keep-time/due-tickets.sql';
export { FindDueSides } from './keep-time/find-due-sides.query';
export { KeepTime } from './keep-time/keep-time.use-case';
export { ReplyMeter } from './meter-replies/reply-meter';
export type { ReplyUsage } from './meter-replies/reply-meter';
export { RateTicket } from './rate-ticket/rate-ticket.use-case';
export type { RateCommand } from './rate-ticket/rate-ticket.use-case';
export { ReceiveCustomerMessage } from './receive-customer-message/receive-customer-message.use-case';
export type { CustomerMessageCommand } from './receive-customer-message/receive-customer-message.use-case';
export { RenderCannedResponse } from './render-canned-response/render-canned-response.query';
export type { RenderCommand } from './render-canned-response/render-canned-response.query';
export { ReplyToTicket } from './reply-to-ticket/reply-to-ticket.use-case';
export type { AddedMessage, ReplyCommand } from './reply-to-ticket/reply-to-ticket.use-case';
export { ResetTestSide } from './reset-test-side/reset-test-side.use-case';
export { SetPriority } from './set-priority/set-priority.use-case';
export { FACTS_LEFT_SQL, TicketFacts } from './take-facts/ticket-facts';
export { TicketsModule } from './tickets.module';
export { UpdateTicket } from './update-ticket/update-ticket.use-case';
export type { UpdateCommand } from './update-ticket/update-ticket.use-case';
