import { InitialSchema1763960000000 } from './1763960000000-initial-schema';
import { Configuration1763961000000 } from './1763961000000-configuration';
import { TicketClocks1763964000000 } from './1763964000000-ticket-clocks';
import { Routing1763965000000 } from './1763965000000-routing';
import { SlaReport1764010000000 } from './1764010000000-sla-report';
import { Csat1764020000000 } from './1764020000000-csat';
import { TestSide1764030000000 } from './1764030000000-test-side';

/** The one ordered stream of migrations; a new one goes to the end. */
export const MIGRATIONS = [
  InitialSchema1763960000000,
  Configuration1763961000000,
  TicketClocks1763964000000,
  Routing1763965000000,
  SlaReport1764010000000,
  Csat1764020000000,
  TestSide1764030000000,
];
