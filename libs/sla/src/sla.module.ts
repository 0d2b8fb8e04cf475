import { Module } from '@nestjs/common';
import { TicketsModule } from '#tickets';
import { ScanDueTickets } from './scan-due-tickets/scan-due-tickets';

/** Service levels: what is due on tickets by time, and who notices it. */
@Module({ imports: [TicketsModule], providers: [ScanDueTickets], exports: [ScanDueTickets] })
export class SlaModule {}
