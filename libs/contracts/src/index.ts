export { DETAIL_CODES, ERROR_STATUS, RETRYABLE_CODES } from './errors/error-code';
export type { DetailCode, ErrorCode, ErrorDetail } from './errors/error-code';
export { DomainError, fieldError } from './errors/domain-error';
export type { DomainErrorOptions } from './errors/domain-error';
export {
  CHANNELS,
  CSAT_REQUESTS,
  CSAT_STATUSES,
  MESSAGE_SIDES,
  SLA_KINDS,
  SLA_STATUSES,
  TICKET_PRIORITIES,
  TICKET_SOURCES,
  TICKET_STATUSES,
} from './resources/ticket';
export type {
  Channel,
  CsatRequest,
  CsatStatus,
  MessageSide,
  SlaClockPayload,
  SlaKind,
  SlaStatus,
  TicketPayload,
  TicketPriority,
  TicketSource,
  TicketStatus,
} from './resources/ticket';
export { AUTHOR_TYPES, DELIVERY_STATUSES } from './resources/message';
export type { AttachmentPayload, AuthorType, DeliveryStatus, MessagePayload } from './resources/message';
export type { SubscriberPayload } from './resources/subscriber';
export { ROUTING_ACTION_KEYS, ROUTING_CONDITION_KEYS, ROUTING_SKIP_REASONS } from './resources/routing-rule';
export type {
  RoutingAction,
  RoutingActionKey,
  RoutingActionResult,
  RoutingCondition,
  RoutingConditionKey,
  RoutingConditionResult,
  RoutingRulePayload,
  RoutingRuleResult,
  RoutingSkipReason,
  TicketRoutingPayload,
} from './resources/routing-rule';
export { ACTOR_TYPES, SYSTEM_ACTOR } from './resources/actor';
export type { Actor, ActorType } from './resources/actor';
export { ASSIGNABLE_ROLES, MEMBER_ROLES } from './resources/member';
export type { AgentPayload, MemberRole } from './resources/member';
export { LANGUAGES } from './resources/language';
export type { Language, Multilingual } from './resources/language';
export { KEY_SCOPES, SCOPE_PRESETS } from './resources/scope';
export type { KeyScope, ScopePreset } from './resources/scope';
export { defineEvent } from './events/event-definition';
export type { DomainEvent, EventDefinition, EventEnvelope } from './events/event-definition';
export {
  TicketAssigned,
  TicketClosed,
  TicketCreated,
  TicketCsatReceived,
  TicketNoteAdded,
  TicketPriorityChanged,
  TicketReopened,
  TicketReplied,
  TicketStatusChanged,
  TicketTagsChanged,
  TicketUpdated,
} from './events/ticket.events';
export type {
  FieldChange,
  TicketChangeEventData,
  TicketClosedEventData,
  TicketCsatEventData,
  TicketEventData,
  TicketMessageEventData,
} from './events/ticket.events';
export { TicketSlaBreached, TicketSlaWarning, TicketUnanswered } from './events/ticket-alert.events';
export type { TicketSlaEventData, TicketUnansweredEventData } from './events/ticket-alert.events';
export { SubscriptionCreated } from './events/subscription.events';
export type { SubscriptionEventData } from './events/subscription.events';
export { EVENT_CATALOGUE, EVENT_TYPES } from './events/catalogue';
export { EXAMPLE_ACTOR, EXAMPLE_MESSAGE, EXAMPLE_REPLY, EXAMPLE_TICKET } from './events/examples';
