import type { Type } from '@nestjs/common';
import { nearestName } from '#platform';
import { ConfigApiModule } from '../../config-api/src/config-api.module';
import { TicketsApiModule } from '../../tickets-api/src/tickets-api.module';

const APPS: ReadonlyMap<string, Type> = new Map<string, Type>([
  ['tickets-api', TicketsApiModule],
  ['config-api', ConfigApiModule],
]);

/**
 * The modules of the apps that HELPDESK_ROLES names, separated by commas; all of them without it.
 * @throws {Error} for a name that is no app's.
 */
export function modulesOf(roles: string | undefined): Type[] {
  const names = (roles ?? '').split(',').map((name) => name.trim());
  const wanted = new Set(names.filter((name) => name !== ''));
  if (wanted.size === 0) {
    return [...APPS.values()];
  }
  return [...wanted].map((name) => APPS.get(name) ?? refuse(name));
}

function refuse(name: string): never {
  const nearest = nearestName(name, APPS.keys());
  throw new Error(
    `HELPDESK_ROLES: there is no app "${name}"${nearest ? `; did you mean ${nearest}?` : '.'} ` +
      `The apps are: ${[...APPS.keys()].join(', ')}. For example: HELPDESK_ROLES=tickets-api`,
  );
}
