export { ScanDueTickets } from './scan-due-tickets/scan-due-tickets';
export type { ScanResult } from './scan-due-tickets/scan-due-tickets';
export { SlaModule } from './sla.module';
