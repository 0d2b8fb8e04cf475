import { Module } from '@nestjs/common';
import { SlaModule } from '#sla';
import { RollUpFactsSchedule } from './schedules/roll-up-facts.schedule';
import { ScanDueTicketsSchedule } from './schedules/scan-due-tickets.schedule';

/** What happens to tickets by time alone. Any number of these processes may run. */
@Module({ imports: [SlaModule], providers: [RollUpFactsSchedule, ScanDueTicketsSchedule] })
export class SlaWorkerModule {}
