import 'reflect-metadata';
import { runServiceMain } from '#platform';
import { TicketsApiModule } from '../../../../apps/tickets-api/src/tickets-api.module';
import { LedgerModule } from '../../ledger/ledger.module';

/** As many rungs as the product has, and its searches, but for tests that wait for them again and again. */
const EVENT_TIMES = {
  retryDelaysMs: [1_000, 2_000, 5_000, 10_000, 30_000],
  searchEveryMs: 1_000,
  overdueMs: 20_000,
};

void runServiceMain({ name: 'ledger-app', modules: [TicketsApiModule, LedgerModule], eventTimes: EVENT_TIMES });
