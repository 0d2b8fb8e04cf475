import { Agent } from 'node:http';
import { LEDGER_CONSUMERS } from '../support/ledger/ledger-table';
import { httpCall } from '../support/processes/http-call';
import { inTheEnd, PATIENCE_MS } from '../support/processes/patience';
import { ProcessScene } from '../support/processes/process-scene';
import type { ServiceProcess } from '../support/processes/service-process';
import { SteadyCallers } from '../support/processes/steady-callers';

const DRAIN_SECONDS = 2;
const CLEAN_EXIT = { code: 0, signal: null };

jest.setTimeout(3 * PATIENCE_MS);

let scene: ProcessScene;

beforeEach(async () => {
  scene = await ProcessScene.open();
});
afterEach(() => scene.close());

test.each(['kept', 'fresh'] as const)('SIGTERM breaks no request on %s connections', async (connections) => {
  const stopping = await scene.start({ environment: { DRAIN_SECONDS: String(DRAIN_SECONDS) } });
  const callers = new SteadyCallers({ url: stopping.url as string, key: scene.key, connections, callers: 8 });
  await inTheEnd(() => expect(callers.answers).toBeGreaterThan(100));

  callers.expectService(DRAIN_SECONDS * 1000);
  stopping.signal('SIGTERM');
  const { answers, broken, answeredSincePromise } = await callers.report();

  expect(broken).toEqual([]);
  expect(Object.keys(answers)).toEqual(['200', '201']);
  expect(answeredSincePromise).toBeGreaterThan(0);
  expect(await stopping.exited).toEqual(CLEAN_EXIT);
});

test('the readiness probe says so at once, while requests are still served', async () => {
  const stopping = await scene.start({ environment: { DRAIN_SECONDS: '5' } });
  const readiness = () => httpCall({ url: stopping.opsUrl, method: 'GET', path: '/readyz' });
  expect((await readiness()).status).toBe(200);

  stopping.signal('SIGTERM');
  await stopping.waitForLog('the drain has begun', ({ event }) => event === 'service.draining');
  expect((await readiness()).status).toBe(503);
  expect((await httpCall({ url: stopping.opsUrl, method: 'GET', path: '/livez' })).status).toBe(200);
  expect((await createTicket(stopping)).status).toBe(201);
  expect(await stopping.exited).toEqual(CLEAN_EXIT);
});

test('a request that is under way when the window ends is answered before the process exits', async () => {
  const stopping = await scene.start();
  const lock = await scene.lockNumbers();
  const answer = createTicket(stopping);
  await inTheEnd(() => expectSomeoneToWait());

  stopping.signal('SIGTERM');
  await inTheEnd(() => expectRefusal(stopping));
  await lock.release();
  expect(await answer).toMatchObject({ status: 201, headers: { connection: 'close' } });
  expect(await stopping.exited).toEqual(CLEAN_EXIT);
});

test('events that are being worked on are finished, the others are left alone, and none is worked on twice', async () => {
  const stopping = await scene.start();
  const gate = await scene.shutGate();
  for (let count = 0; count < 20; count++) {
    await createTicket(stopping);
  }
  await inTheEnd(() => expect(begun(stopping).size).toBeGreaterThan(1));

  stopping.signal('SIGTERM');
  await inTheEnd(() => expectRefusal(stopping));
  expect(stopping.isRunning).toBe(true);
  await gate.release();
  expect(await stopping.exited).toEqual(CLEAN_EXIT);
  const [finished] = await scene.db.sql<{ effects: number }>('SELECT count(*)::int AS effects FROM ledger');
  expect(finished?.effects).toBe(begun(stopping).size);

  const next = await scene.start();
  await scene.drained();
  const work = [...workOn(stopping), ...workOn(next)];
  expect(new Set(work).size).toBe(work.length);
  expect(work.length).toBe(20 * LEDGER_CONSUMERS.length);
});

async function createTicket({ url }: ServiceProcess) {
  const agent = new Agent({ keepAlive: false });
  const body = { text: 'Help' };
  return httpCall({ url: url as string, method: 'POST', path: '/v1/helpdesk/tickets', key: scene.key, agent, body });
}

/** The process has closed its door: the window is over. */
async function expectRefusal({ url }: ServiceProcess): Promise<void> {
  await expect(httpCall({ url: url as string, method: 'GET', path: '/' })).rejects.toMatchObject({
    code: 'ECONNREFUSED',
  });
}

/** What a process has begun to work on, as `consumer event`, as often as it did. */
function workOn(one: ServiceProcess): string[] {
  return one.log
    .filter(({ event }) => event === 'ledger.began')
    .map(({ consumer, event_id }) => `${String(consumer)} ${String(event_id)}`);
}

function begun(one: ServiceProcess): Set<string> {
  return new Set(workOn(one));
}

/** Some transaction of the product waits for a lock. */
async function expectSomeoneToWait(): Promise<void> {
  const waiting = await scene.db.sql(
    `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND application_name LIKE 'helpdesk-%'`,
  );
  expect(waiting.length).toBeGreaterThan(0);
}
