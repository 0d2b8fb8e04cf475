import { Inject, Injectable } from '@nestjs/common';
import type { OnApplicationBootstrap } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { Database } from '#database';
import { HintListener } from '#messaging';
import { ENVIRONMENT } from '../config/environment';
import type { Environment } from '../config/environment';
import { scheduleOptions } from './runs-every';
import type { ScheduledWork } from './runs-every';
import { SCAN_CHANNEL } from './scan-signal';
import { ScheduleLoop } from './schedule-loop';

/** Runs the scheduled works among the providers of this application's modules. */
@Injectable()
export class Schedules implements OnApplicationBootstrap {
  private loops: readonly ScheduleLoop[] = [];
  private readonly hints: HintListener;

  constructor(
    private readonly discovery: DiscoveryService,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
    database: Database,
  ) {
    this.hints = new HintListener(database.url, SCAN_CHANNEL, () => this.wake());
  }

  /** Finds them; nothing runs yet. */
  onApplicationBootstrap(): void {
    const works = new Map<string, ScheduleLoop>();
    for (const { metatype, instance } of this.discovery.getProviders()) {
      const options = typeof metatype === 'function' ? scheduleOptions(metatype) : undefined;
      if (options) {
        const intervalMs = options.seconds(this.environment) * 1000;
        works.set(options.name, new ScheduleLoop(options.name, intervalMs, instance as ScheduledWork));
      }
    }
    this.loops = [...works.values()];
  }

  start(): void {
    this.loops.forEach((loop) => loop.start());
    if (this.loops.length > 0) {
      this.hints.start();
    }
  }

  /** Takes up nothing new and lets end what runs. */
  async stop(): Promise<void> {
    await Promise.all([this.hints.stop(), ...this.loops.map((loop) => loop.stop())]);
  }

  private wake(): void {
    this.loops.forEach((loop) => loop.wake());
  }
}
