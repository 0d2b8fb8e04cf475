import { Module } from '@nestjs/common';
import { ProjectsModule } from '#projects';
import { SettingsModule } from '#settings';
import { TicketsModule } from '#tickets';
import { ReportDayRepository } from './persistence/report-day.repository';
import { SlaReport } from './report/sla-report.query';
import { RollUpFacts } from './roll-up-facts/roll-up-facts.use-case';
import { ScanDueTickets } from './scan-due-tickets/scan-due-tickets';

/** Service levels: what is due on tickets by time, who notices it, and how a project has done. */
@Module({
  imports: [ProjectsModule, SettingsModule, TicketsModule],
  providers: [ReportDayRepository, RollUpFacts, ScanDueTickets, SlaReport],
  exports: [RollUpFacts, ScanDueTickets, SlaReport],
})
export class SlaModule {}
