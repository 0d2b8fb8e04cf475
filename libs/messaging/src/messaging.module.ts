import { Module } from '@nestjs/common';
import type { DynamicModule, Provider } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { ConsumerDiscovery } from './consumers/consumer-discovery';
import { ConsumerRuntime } from './consumers/consumer-runtime';
import { DeadDeliveries } from './dead/dead-deliveries';
import { EventPath } from './event-path';
import { EventLog } from './log/event-log';
import { FollowEventLog } from './log/follow-event-log';
import { LogWatch } from './log/log-watch';
import { MESSAGING_SETTINGS, messagingSettings } from './messaging-settings';
import type { MessagingOptions } from './messaging-settings';
import { Outbox } from './outbox/outbox';
import { OutboxBacklog } from './relay/outbox-backlog';
import { HandOver } from './relay/hand-over';
import { PositionGiver } from './relay/position-giver';
import { Publisher } from './relay/publisher';
import { Relay } from './relay/relay';
import { RelaySignal } from './relay/relay-signal';
import { ReplayEvents } from './replay/replay-events';
import { Retention } from './retention/retention';
import { RetentionSchedule } from './retention/retention-schedule';
import { EVENT_TRANSPORT } from './transports/event-transport';
import { PostgresDeadDeliveries } from './transports/postgres/postgres-dead-deliveries';
import { PostgresTransport } from './transports/postgres/postgres-transport';
import { rabbitMqProviders } from './transports/rabbitmq/rabbitmq.providers';

/** Gives every module the event path. Called once per process, by `runService`. */
@Module({})
export class MessagingModule {
  static forRoot(options: MessagingOptions): DynamicModule {
    return {
      module: MessagingModule,
      global: true,
      imports: [DiscoveryModule],
      providers: [
        ConsumerDiscovery,
        ConsumerRuntime,
        EventLog,
        EventPath,
        FollowEventLog,
        HandOver,
        LogWatch,
        Outbox,
        OutboxBacklog,
        PositionGiver,
        Publisher,
        Relay,
        RelaySignal,
        ReplayEvents,
        Retention,
        RetentionSchedule,
        ...transportProviders(options),
        { provide: MESSAGING_SETTINGS, useValue: messagingSettings(options) },
      ],
      exports: [DeadDeliveries, EventLog, EventPath, FollowEventLog, Outbox, ReplayEvents],
    };
  }
}

function transportProviders({ transport, ...options }: MessagingOptions): Provider[] {
  return transport === 'rabbitmq'
    ? rabbitMqProviders(options)
    : [
        { provide: DeadDeliveries, useClass: PostgresDeadDeliveries },
        { provide: EVENT_TRANSPORT, useClass: PostgresTransport },
      ];
}
