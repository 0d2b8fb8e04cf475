import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { DeadDeliveries } from './dead/dead-deliveries';
import { EventPath } from './event-path';
import { EventLog } from './log/event-log';
import { MESSAGING_SETTINGS, messagingSettings } from './messaging-settings';
import type { MessagingOptions } from './messaging-settings';
import { Outbox } from './outbox/outbox';
import { RelaySignal } from './relay/relay-signal';
import { EVENT_TRANSPORT } from './transports/event-transport';
import { PostgresDeadDeliveries } from './transports/postgres/postgres-dead-deliveries';
import { PostgresTransport } from './transports/postgres/postgres-transport';

/** Gives every module the event path. Called once per process, by `runService`. */
@Module({})
export class MessagingModule {
  static forRoot(options: MessagingOptions): DynamicModule {
    return {
      module: MessagingModule,
      global: true,
      providers: [
        EventLog,
        EventPath,
        Outbox,
        RelaySignal,
        { provide: DeadDeliveries, useClass: PostgresDeadDeliveries },
        { provide: EVENT_TRANSPORT, useClass: PostgresTransport },
        { provide: MESSAGING_SETTINGS, useValue: messagingSettings(options) },
      ],
      exports: [DeadDeliveries, EventLog, EventPath, Outbox],
    };
  }
}
