import 'reflect-metadata';
import { runServiceMain } from '#platform';
import { TicketsApiModule } from '../../../../apps/tickets-api/src/tickets-api.module';
import { LedgerModule } from '../../ledger/ledger.module';

void runServiceMain({ name: 'ledger-app', modules: [TicketsApiModule, LedgerModule] });
