import { API_DOCUMENT, operationsOf } from '../../support/api-document';
import { Edge, expectRefusal, isError, TICKETS } from './edge';

/** Every path of the API, with something in the place of its parameters. */
const PATHS = [...new Set(operationsOf(API_DOCUMENT).map(({ path }) => path))].map((path) => {
  const methods = Object.keys(API_DOCUMENT.paths[path] ?? {}).map((method) => method.toUpperCase());
  return [path, methods] as const;
});

/** The methods of every path that an address fits: "bulk" stands where an id may stand. */
function methodsAt(address: string): string[] {
  const fits = ([path]: readonly [string, readonly string[]]) =>
    new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`).test(address);
  return PATHS.filter(fits).flatMap(([, methods]) => methods);
}

describe('the HTTP edge', () => {
  let edge: Edge;

  beforeAll(async () => {
    edge = await Edge.start();
  });
  afterAll(() => edge.stop());
  afterEach(() => edge.assertUnharmed());

  describe('with an address', () => {
    it.each(PATHS)('%s answers 405 to every other method, and names its own', async (path, methods) => {
      const address = path.replace(/\{\w+\}/g, '019ab6c2-7a10-7c3e-9a55-1f2d3c4b5a69');
      const allowed = new Set([...methodsAt(address), ...(methods.includes('GET') ? ['HEAD'] : [])]);
      for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'QUERY']) {
        if (!allowed.has(method)) {
          const answer = await edge.ask(edge.request('', { 'Content-Length': '0' }, `${method} ${address} HTTP/1.1`));
          expectRefusal(answer, 'method_not_allowed');
          expect(answer.headers['allow']?.split(', ')).toEqual(expect.arrayContaining([...allowed]));
          expect(answer.headers['allow']).not.toContain(method === 'GET' ? 'GET,' : `${method},`);
        }
      }
    });

    it.each([
      '/',
      '/v1',
      '/v2/helpdesk/tickets',
      '/v1/helpdesk',
      '/v1/helpdesk/ticket',
      '/v1/helpdesk/tickets/a/b/c',
      '/V1/HELPDESK/NOTHING',
      '/favicon.ico',
      '/.env',
      '/wp-login.php',
      '/v1/helpdesk/tickets%2fbulk',
      '/v1/helpdesk//tickets',
      '/v1/helpdesk/tickets/../../../etc/passwd',
      '/%00',
      '/%',
      '/v1/%zz',
      '/__proto__',
      `/${'a'.repeat(4_000)}`,
      '*',
    ])('%s answers 404', async (address) => {
      expectRefusal(await edge.ask(edge.get(address)), 'not_found');
    });

    it.each(['/v1/helpdesk/tickets/%E0%A4%A', '/v1/helpdesk/tickets/%ff', '/v1/helpdesk/tickets/%c0%af'])(
      '%s, which is malformed, answers 400',
      async (address) => {
        expectRefusal(await edge.ask(edge.get(address)), 'bad_request');
      },
    );

    it.each([
      '%',
      '%zz',
      'limit=%',
      'q=%E0%A4%A',
      'q=%00',
      'q=%ff',
      'q=%ed%a0%80',
      '&&&',
      '===',
      'limit=1&limit=2',
      `q=${'x'.repeat(4_000)}`,
    ])('?%s, which no parameter is, answers with a refusal or with what there is, and never fails', async (query) => {
      const answer = await edge.ask(edge.get(`${TICKETS}?${query}`));
      expect([200, 400]).toContain(answer.status);
      expect(answer.status === 200 || isError(JSON.parse(answer.body))).toBe(true);
    });

    it.each([
      'x',
      '1',
      '-1',
      '0',
      '1.5',
      '%00',
      '%F0%9F%98%80',
      "'%20OR%201=1",
      '019ab6c2-7a10-7c3e-9a55-1f2d3c4b5a6',
      '99999999999999999999',
      '..%2f..%2f',
    ])('%s in the place of an id answers 404', async (id) => {
      for (const address of [`${TICKETS}/${id}`, `${TICKETS}/${id}/history`, `/v1/helpdesk/subscribers/${id}`]) {
        const answer = await edge.ask(edge.get(address));
        expectRefusal(answer, address.includes('subscribers') ? 'subscriber_not_found' : 'ticket_not_found');
      }
    });

    it.each(['x', '0', '-1', '1.5', '01', '1e3', '2147483648', '99999999999999999999', '%31%00', '١'])(
      '%s in the place of a number answers 404',
      async (number) => {
        const answer = await edge.ask(edge.get(`${TICKETS}/by-number/${encodeURI(decodeURI(number))}`));
        expectRefusal(answer, 'ticket_not_found');
      },
    );
  });
});
