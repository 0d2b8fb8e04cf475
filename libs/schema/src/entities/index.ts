import { ApiKeyEntity } from './api-key.entity';
import { CannedResponseEntity } from './canned-response.entity';
import { ConfigHistoryEntity } from './config-history.entity';
import { EventConsumerEntity } from './event-consumer.entity';
import { EventDeliveryEntity } from './event-delivery.entity';
import { EventLogHeadEntity } from './event-log-head.entity';
import { HelpdeskSettingsEntity } from './helpdesk-settings.entity';
import { IdempotencyKeyEntity } from './idempotency-key.entity';
import { InboxEntity } from './inbox.entity';
import { InstallationSecretEntity } from './installation-secret.entity';
import { MemberEntity } from './member.entity';
import { MessageEntity } from './message.entity';
import { OutboxEntity } from './outbox.entity';
import { ProjectEntity } from './project.entity';
import { RateLimitEntity } from './rate-limit.entity';
import { ReplyUsageEntity } from './reply-usage.entity';
import { ReportDayEntity } from './report-day.entity';
import { ReportKeyEntity } from './report-key.entity';
import { RoutingRuleEntity } from './routing-rule.entity';
import { SubscriberEntity } from './subscriber.entity';
import { TicketCounterEntity } from './ticket-counter.entity';
import { TicketFactEntity } from './ticket-fact.entity';
import { TicketHistoryEntity } from './ticket-history.entity';
import { TicketRoutingEntity } from './ticket-routing.entity';
import { TicketSearchEntity } from './ticket-search.entity';
import { TicketTypeEntity } from './ticket-type.entity';
import { TicketEntity } from './ticket.entity';

/** Every entity; what a table looks like to TypeORM and to the drift test. */
export const ENTITIES = [
  ApiKeyEntity,
  CannedResponseEntity,
  ConfigHistoryEntity,
  EventConsumerEntity,
  EventDeliveryEntity,
  EventLogHeadEntity,
  HelpdeskSettingsEntity,
  IdempotencyKeyEntity,
  InboxEntity,
  InstallationSecretEntity,
  MemberEntity,
  MessageEntity,
  OutboxEntity,
  ProjectEntity,
  RateLimitEntity,
  ReplyUsageEntity,
  ReportDayEntity,
  ReportKeyEntity,
  RoutingRuleEntity,
  SubscriberEntity,
  TicketCounterEntity,
  TicketFactEntity,
  TicketHistoryEntity,
  TicketRoutingEntity,
  TicketSearchEntity,
  TicketTypeEntity,
  TicketEntity,
];

export { ApiKeyEntity, HelpdeskSettingsEntity, MemberEntity, ProjectEntity, TicketCounterEntity };
