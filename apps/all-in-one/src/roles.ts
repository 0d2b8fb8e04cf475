import type { Type } from '@nestjs/common';
import { appsOf } from '#platform';
import type { AppName } from '#platform';
import { ConfigApiModule } from '../../config-api/src/config-api.module';
import { RoutingEngineModule } from '../../routing-engine/src/routing-engine.module';
import { SlaWorkerModule } from '../../sla-worker/src/sla-worker.module';
import { TicketsApiModule } from '../../tickets-api/src/tickets-api.module';

const MODULES: Readonly<Record<AppName, Type>> = {
  'tickets-api': TicketsApiModule,
  'config-api': ConfigApiModule,
  'routing-engine': RoutingEngineModule,
  'sla-worker': SlaWorkerModule,
};

/**
 * The modules of the apps that HELPDESK_ROLES names; all of them without it.
 * @throws {Error} for a name that is no app's.
 */
export function modulesOf(roles: string | undefined): Type[] {
  return appsOf(roles).map((app) => MODULES[app]);
}
