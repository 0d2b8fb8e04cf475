import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { Clock } from './clock/clock';
import type { Environment } from './config/environment';
import { EVENT_STREAM_DEFAULTS, EVENT_STREAM_SETTINGS } from './http/event-stream/event-stream-settings';
import type { EventStreamSettings } from './http/event-stream/event-stream-settings';
import { EventStreams } from './http/event-stream/event-streams';
import { RateLimiter } from './http/rate-limiter';
import { Metrics } from './metrics/metrics';

/** Injects the {@link Environment}. */
export const ENVIRONMENT = Symbol('environment');

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
      providers: [
        Clock,
        EventStreams,
        RateLimiter,
        { provide: ENVIRONMENT, useValue: environment },
        { provide: EVENT_STREAM_SETTINGS, useValue: { ...EVENT_STREAM_DEFAULTS, ...eventStreams } },
        { provide: Metrics, useValue: metrics },
      ],
      exports: [Clock, EventStreams, RateLimiter, ENVIRONMENT, Metrics],
    };
  }
}
