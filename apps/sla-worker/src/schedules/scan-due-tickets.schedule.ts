import { Injectable } from '@nestjs/common';
import { RunsEvery } from '#platform';
import type { ScheduledWork } from '#platform';
import { ScanDueTickets } from '#sla';

/** Looks for tickets that are due every SLA_SCAN_INTERVAL seconds. */
@Injectable()
@RunsEvery({ name: 'sla-worker.scan-due-tickets', seconds: (environment) => environment.SLA_SCAN_INTERVAL })
export class ScanDueTicketsSchedule implements ScheduledWork {
  constructor(private readonly scan: ScanDueTickets) {}

  async run(stopping: AbortSignal): Promise<void> {
    await this.scan.execute(stopping);
  }
}
