import { nearestName } from '../fields/nearest-name';

/**
 * Every app that serves, and the addresses that it owns, each with all that is below it. The one table of it: the apps of one
 * process, the processes of a split start and the gateways before them follow it, and the tests hold the running routers and the
 * API document against it. An app that only works on events owns none.
 */
const OWNED = {
  'tickets-api': [
    '/v1/helpdesk/tickets',
    '/v1/helpdesk/request',
    '/v1/helpdesk/agents',
    '/v1/helpdesk/subscribers',
    '/v1/helpdesk/events',
    '/v1/test',
  ],
  'config-api': [
    '/v1/helpdesk/settings',
    '/v1/helpdesk/sla',
    '/v1/helpdesk/ticket-types',
    '/v1/helpdesk/canned-responses',
    '/v1/helpdesk/routing-rules',
    '/v1/helpdesk/config-history',
    '/v1/helpdesk/usage',
    '/v1/webhooks',
    '/v1/projects',
    '/v1/auth',
  ],
  'routing-engine': [],
  'sla-worker': [],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** The name of an app that serves: its folder in apps/, its service in docker/compose.yml. */
export type AppName = keyof typeof OWNED;

/** All of them. The first serves what nobody owns: what the API says of itself, which is the same in each, and what there is not. */
export const APP_NAMES = Object.keys(OWNED) as unknown as readonly [AppName, ...AppName[]];

/** The prefixes that an app owns, in small letters and without a slash at the end. */
export const prefixesOf = (app: AppName): readonly string[] => OWNED[app];

/**
 * Whose an address is: by whole parts of its path, whatever the case, as the apps' own routers read it.
 * @param path with or without a query string.
 */
export function ownerOf(path: string): AppName {
  const asked = (path.split('?', 1)[0] ?? '').toLowerCase();
  const owns = (prefix: string): boolean => asked === prefix || asked.startsWith(`${prefix}/`);
  return APP_NAMES.find((app) => prefixesOf(app).some(owns)) ?? APP_NAMES[0];
}

/**
 * The apps that HELPDESK_ROLES names, separated by commas; all of them without it.
 * @throws {Error} for a name that is no app's.
 */
export function appsOf(roles: string | undefined): readonly [AppName, ...AppName[]] {
  const named = (roles ?? '').split(',').map((name) => name.trim());
  const [first, ...others] = new Set(named.filter((name) => name !== '').map(checkName));
  return first === undefined ? APP_NAMES : [first, ...others];
}

function checkName(name: string): AppName {
  const app = APP_NAMES.find((one) => one === name);
  if (app) {
    return app;
  }
  const nearest = nearestName(name, APP_NAMES);
  throw new Error(
    `HELPDESK_ROLES: there is no app "${name}"${nearest ? `; did you mean ${nearest}?` : '.'} ` +
      `The apps are: ${APP_NAMES.join(', ')}. For example: HELPDESK_ROLES=tickets-api`,
  );
}
