import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { Clock } from './clock/clock';
import type { Environment } from './config/environment';
import { RateLimiter } from './http/rate-limiter';
import { Metrics } from './metrics/metrics';

/** Injects the {@link Environment}. */
export const ENVIRONMENT = Symbol('environment');

/** What every module of a service may use. Called once per process, by `runService`. */
@Module({})
export class PlatformModule {
  static forRoot(environment: Environment, metrics: Metrics): DynamicModule {
    return {
      module: PlatformModule,
      global: true,
      providers: [
        Clock,
        RateLimiter,
        { provide: ENVIRONMENT, useValue: environment },
        { provide: Metrics, useValue: metrics },
      ],
      exports: [Clock, RateLimiter, ENVIRONMENT, Metrics],
    };
  }
}
