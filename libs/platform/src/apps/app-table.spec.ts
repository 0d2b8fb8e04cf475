import { APP_NAMES, appsOf, ownerOf, prefixesOf } from './app-table';

describe('the table of the apps', () => {
  it.each([
    ['/v1/helpdesk/tickets', 'tickets-api'],
    ['/v1/helpdesk/tickets?limit=1', 'tickets-api'],
    ['/v1/helpdesk/tickets/by-number/1', 'tickets-api'],
    ['/v1/helpdesk/ticket-types', 'config-api'],
    ['/V1/Helpdesk/USAGE/', 'config-api'],
    ['/v1/webhooks/1/deliveries', 'config-api'],
    ['/v1/helpdesk/usages', 'tickets-api'],
    ['/v1/helpdesk?x=/v1/helpdesk/usage', 'tickets-api'],
    ['/openapi.json', 'tickets-api'],
    ['/', 'tickets-api'],
    ['', 'tickets-api'],
    ['*', 'tickets-api'],
  ])('gives %s to %s', (path, app) => {
    expect(ownerOf(path)).toBe(app);
  });

  it('gives no address to two, and none below another', () => {
    const prefixes = APP_NAMES.flatMap(prefixesOf);
    for (const prefix of prefixes) {
      expect(prefix).toMatch(/^(\/[a-z0-9-]+)+$/);
      expect(prefixes.filter((one) => `${prefix}/`.startsWith(`${one}/`))).toEqual([prefix]);
    }
  });

  it('reads the names of HELPDESK_ROLES', () => {
    expect(appsOf(undefined)).toEqual(APP_NAMES);
    expect(appsOf(' , ')).toEqual(APP_NAMES);
    expect(appsOf('config-api, config-api')).toEqual(['config-api']);
    expect(() => appsOf('tickets-ap')).toThrow('did you mean tickets-api?');
    expect(() => appsOf('mailer')).toThrow('The apps are: tickets-api, config-api, routing-engine, sla-worker.');
  });
});
