import { runInRequest } from '../request-context/request-context';
import { JsonLogger } from './json-logger';
import type { LogOptions } from './json-logger';

const KEY = 'zn_live_0000000000000000000000000000003VUwsN';

describe('JsonLogger', () => {
  let lines: string[];

  beforeEach(() => {
    lines = [];
  });

  const logger = (options: Partial<LogOptions> = {}) =>
    new JsonLogger({ service: 'desk', level: 'debug', pretty: false, write: (line) => lines.push(line), ...options });
  const logged = () => lines.map((line) => JSON.parse(line) as Record<string, unknown>);

  it('writes one JSON line per entry, with its fields, service, level and time', () => {
    logger().log({ event: 'outbox.published', count: 3 }, 'relay');
    expect(lines).toEqual([expect.stringMatching(/^\{.+\}\n$/)]);
    expect(logged()).toEqual([
      {
        level: 30,
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        service: 'desk',
        event: 'outbox.published',
        count: 3,
        scope: 'relay',
      },
    ]);
  });

  it('writes texts that would break a line as one line', () => {
    logger().warn({ event: 'odd', reason: 'a\nb\u2028"c"' });
    expect(lines).toHaveLength(1);
    expect(lines[0]?.trimEnd()).not.toContain('\n');
    expect(logged()[0]).toMatchObject({ level: 40, reason: 'a\nb\u2028"c"' });
  });

  it('takes an error’s message and stack', () => {
    logger().error(new Error('broken'), 'http');
    expect(logged()[0]).toMatchObject({
      level: 50,
      msg: 'broken',
      stack: expect.stringContaining('json-logger.spec'),
      scope: 'http',
    });
  });

  it('takes what Nest says of an error: message, stack, scope', () => {
    logger().error('broken', 'Error: broken\n    at …', 'ExceptionsHandler');
    expect(logged()[0]).toMatchObject({ msg: 'broken', stack: 'Error: broken\n    at …', scope: 'ExceptionsHandler' });
  });

  it('takes Nest’s own tales of modules and routes for debugging', () => {
    logger({ level: 'info' }).log('Mapped {/things, GET} route', 'RouterExplorer');
    logger({ level: 'debug' }).log('Mapped {/things, GET} route', 'RouterExplorer');
    expect(logged()).toMatchObject([{ level: 20, msg: 'Mapped {/things, GET} route' }]);
  });

  it.each([
    ['error', ['error']],
    ['warn', ['error', 'warn']],
    ['info', ['error', 'warn', 'log']],
    ['debug', ['error', 'warn', 'log', 'debug', 'verbose']],
  ] as const)('at level %s writes %j', (level, written) => {
    const log = logger({ level });
    for (const method of ['error', 'warn', 'log', 'debug', 'verbose'] as const) {
      log[method]({ event: method });
    }
    expect(logged().map(({ event }) => event)).toEqual(written);
  });

  it('names the request that a line belongs to', async () => {
    const log = logger();
    await runInRequest({ requestId: 'request-1' }, async () => {
      await Promise.resolve();
      log.log({ event: 'within' });
    });
    log.log({ event: 'outside' });
    expect(logged().map((line) => line['request_id'])).toEqual(['request-1', undefined]);
  });

  it.each([
    ['in a field', { event: 'x', reason: `the key ${KEY} is wrong` }],
    ['deep inside', { event: 'x', request: { list: [{ address: `/v1?k=${KEY}` }] } }],
    ['in a stack', { event: 'x', stack: `Error: ${KEY}\n    at …` }],
    ['in the name of a field', { event: 'x', [KEY]: 1 }],
    ['under a telling name', { event: 'x', key: 'short', password: 'short', secret: 'short', authorization: 'short' }],
  ])('shows no key %s', (_where, fields) => {
    logger().error(fields);
    logger({ pretty: true }).error(fields);
    expect(lines).toHaveLength(2);
    expect(lines.join('')).not.toMatch(/short|00000/);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ event: 'x' });
  });

  it('writes for people when it is told to: time, event, fields, and a stack on lines of its own', () => {
    logger({ pretty: true }).error({ event: 'http.failed', route: '/x', stack: 'Error: broken\n    at here' });
    const plain = lines.join('').replaceAll(/\p{Cc}\[\d+m/gu, '');
    expect(plain).toMatch(/^\d\d:\d\d:\d\d http\.failed route=\/x\nError: broken\n {4}at here\n$/);
  });

  it('takes what JSON cannot write', () => {
    const round: Record<string, unknown> = { event: 'round' };
    round['self'] = round;
    logger().log(round);
    logger().log({ event: 'big', n: 1n, nothing: undefined });
    expect(logged().map(({ event }) => event)).toEqual(['round', 'big']);
  });
});
