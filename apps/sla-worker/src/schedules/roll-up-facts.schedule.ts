import { Injectable } from '@nestjs/common';
import { RunsEvery } from '#platform';
import type { ScheduledWork } from '#platform';
import { RollUpFacts } from '#sla';

/** Rolls up what reports have to take in, every minute. */
@Injectable()
@RunsEvery({ name: 'sla-worker.roll-up-facts', seconds: () => 60 })
export class RollUpFactsSchedule implements ScheduledWork {
  constructor(private readonly rollUp: RollUpFacts) {}

  async run(stopping: AbortSignal): Promise<void> {
    await this.rollUp.execute(stopping);
  }
}
