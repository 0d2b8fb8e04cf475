import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Clock } from './clock/clock';
import { ENVIRONMENT } from './config/environment';
import type { Environment } from './config/environment';
import { EVENT_STREAM_DEFAULTS, EVENT_STREAM_SETTINGS } from './http/event-stream/event-stream-settings';
import type { EventStreamSettings } from './http/event-stream/event-stream-settings';
import { EventStreams } from './http/event-stream/event-streams';
import { RateLimiter } from './http/rate-limiter';
import { Metrics } from './metrics/metrics';
import { ScanSignal } from './schedules/scan-signal';
import { Schedules } from './schedules/schedules';

/** What every module of a service may use. Called once per process, by `runService`. */
@Module({})
export class PlatformModule {
  static forRoot(
    environment: Environment,
    metrics: Metrics,
    eventStreams: Partial<EventStreamSettings> = {},
  ): DynamicModule {
    return {
      module: PlatformModule,
      global: true,
      imports: [DiscoveryModule],
      providers: [
        Clock,
        EventStreams,
        RateLimiter,
        ScanSignal,
        Schedules,
        { provide: ENVIRONMENT, useValue: environment },
        { provide: EVENT_STREAM_SETTINGS, useValue: { ...EVENT_STREAM_DEFAULTS, ...eventStreams } },
        { provide: Metrics, useValue: metrics },
      ],
      exports: [Clock, EventStreams, RateLimiter, ScanSignal, ENVIRONMENT, Metrics],
    };
  }
}
