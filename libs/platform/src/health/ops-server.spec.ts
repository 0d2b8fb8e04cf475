import { Metrics } from '../metrics/metrics';
import { OpsServer } from './ops-server';
import { Readiness } from './readiness';

describe('OpsServer', () => {
  let readiness: Readiness;
  let metrics: Metrics;
  let database: 'answers' | 'is away';
  let server: OpsServer;

  beforeEach(async () => {
    readiness = new Readiness();
    metrics = new Metrics();
    database = 'answers';
    server = await OpsServer.listen(0, {
      readiness,
      metrics,
      check: () => (database === 'answers' ? Promise.resolve() : Promise.reject(new Error('connection refused'))),
    });
  });
  afterEach(() => server.close());

  const ask = async (path: string) => {
    const response = await fetch(server.url + path);
    return [response.status, await response.text()];
  };

  it('lives from the first moment to the last', async () => {
    for (const phase of ['starting', 'ready', 'draining'] as const) {
      readiness.enter(phase);
      expect(await ask('/livez')).toEqual([200, 'ok\n']);
    }
  });

  it('has started once it has begun to serve, and remains so', async () => {
    expect(await ask('/startupz')).toEqual([503, 'starting\n']);
    readiness.enter('ready');
    expect(await ask('/startupz')).toEqual([200, 'ready\n']);
    readiness.enter('draining');
    expect(await ask('/startupz')).toEqual([200, 'draining\n']);
  });

  it('wants requests between start and drain', async () => {
    expect(await ask('/readyz')).toEqual([503, 'starting\n']);
    readiness.enter('ready');
    expect(await ask('/readyz?verbose')).toEqual([200, 'ready\n']);
    readiness.enter('draining');
    expect(await ask('/readyz')).toEqual([503, 'draining\n']);
  });

  it('wants none while the database does not answer, but lives', async () => {
    readiness.enter('ready');
    database = 'is away';
    expect(await ask('/readyz')).toEqual([503, 'the database does not answer\n']);
    expect(await ask('/livez')).toEqual([200, 'ok\n']);
    database = 'answers';
    expect(await ask('/readyz')).toEqual([200, 'ready\n']);
  });

  it('shows the metrics of requests, by pattern and status', async () => {
    metrics.observeRequest('GET', '/v1/helpdesk/tickets/:id', 404, 0.003);
    const [status, text] = await ask('/metrics');
    expect(status).toBe(200);
    expect(text).toContain(
      'helpdesk_http_request_duration_seconds_count{method="GET",route="/v1/helpdesk/tickets/:id",status="404"} 1',
    );
  });

  it('reads gauges when it is asked, and leaves out one that cannot be read', async () => {
    let waiting = 1;
    metrics.addGauge('helpdesk_waiting', 'Waiting.', async () => [{ labels: { kind: 'a' }, value: waiting }], ['kind']);
    metrics.addGauge('helpdesk_broken', 'Broken.', () => Promise.reject(new Error('no')));
    expect((await ask('/metrics'))[1]).toContain('helpdesk_waiting{kind="a"} 1\n');
    waiting = 2;
    const [status, text] = await ask('/metrics');
    expect(status).toBe(200);
    expect(text).toContain('helpdesk_waiting{kind="a"} 2\n');
    expect(text).not.toMatch(/^helpdesk_broken /m);
  });

  it('says what there is at any other address', async () => {
    expect(await ask('/')).toEqual([404, 'There are /livez, /startupz, /readyz and /metrics.\n']);
  });

  it('does not start on a port that is taken', async () => {
    const port = Number(new URL(server.url).port);
    const second = OpsServer.listen(port, { readiness, metrics, check: () => Promise.resolve() });
    await expect(second).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});
