import { randomUUID } from 'node:crypto';
import { ledgerFaults } from '../support/ledger/check-ledger';
import { LEDGER_CONSUMERS } from '../support/ledger/ledger-table';
import { RequestJournal } from '../support/ledger/request-journal';
import type { WriteAnswer, WrittenRequest } from '../support/ledger/request-journal';
import { httpCall } from '../support/processes/http-call';
import type { HttpAnswer } from '../support/processes/http-call';
import { inTheEnd, PATIENCE_MS } from '../support/processes/patience';
import { ProcessScene } from '../support/processes/process-scene';
import type { ServiceProcess } from '../support/processes/service-process';
import type { ChaosProxy } from '../support/servers/chaos-proxy';
import { LostCommits } from '../support/servers/lost-commits';

/** How often every connection is ended while the writers write. */
const TERMINATIONS = 5;

const TICKETS = '/v1/helpdesk/tickets';

jest.setTimeout(3 * PATIENCE_MS);

let scene: ProcessScene;
let commits: LostCommits;
let proxy: ChaosProxy;
let service: ServiceProcess;

async function open(): Promise<void> {
  scene = await ProcessScene.open();
  commits = new LostCommits();
  proxy = await commits.openWay(scene.db.url);
  service = await scene.start({ databaseUrl: proxy.url });
}

async function close(): Promise<void> {
  await scene.close();
  await proxy.close();
}

describe('a process that serves', () => {
  beforeEach(open);
  afterEach(close);

  test('goes on by itself when the database ends all its connections again and again', async () => {
    const writers = scene.write({ seed: 1 });
    for (let count = 0; count < TERMINATIONS; count++) {
      const goal = writers.acknowledged + 20;
      await inTheEnd(() => expect(writers.acknowledged).toBeGreaterThan(goal));
      expect(await scene.endConnections()).toBeGreaterThan(0);
    }
    await writers.stop();
    await scene.drained();
    expect(await ledgerFaults(scene.db, writers.journal)).toEqual([]);
    expect(service.isRunning).toBe(true);
    await inTheEnd(async () => expect(await listeners()).toBe(1));
  });

  test('stops when it is told to while the database is down', async () => {
    await proxy.goDown();
    await inTheEnd(async () => expect((await readiness()).status).toBe(503));
    service.signal('SIGTERM');
    expect(await service.exited).toEqual({ code: 0, signal: null });
  });

  test('tells callers to come back while the database is down, and its probe too, and goes on when it is up', async () => {
    const writers = scene.write({ seed: 2 });
    await inTheEnd(() => expect(writers.acknowledged).toBeGreaterThan(20));
    await proxy.goDown();

    await inTheEnd(async () => expect((await readiness()).status).toBe(503));
    const refused = await createTicket();
    expect(refused).toMatchObject({ status: 503, body: { code: 'platform_busy', retryable: true } });
    expect(refused.headers['retry-after']).toBeDefined();
    expect((await httpCall({ url: service.opsUrl, method: 'GET', path: '/livez' })).status).toBe(200);

    await proxy.comeBack();
    const before = writers.acknowledged;
    await inTheEnd(() => expect(writers.acknowledged).toBeGreaterThan(before + 20));
    await inTheEnd(async () => expect((await readiness()).status).toBe(200));
    await writers.stop();
    await scene.drained();
    expect(await ledgerFaults(scene.db, writers.journal)).toEqual([]);
  });
});

describe.each([
  { isDone: true, fate: 'done by the server, which nobody learns' },
  { isDone: false, fate: 'lost on its way to the server' },
])('a COMMIT that is $fate', ({ isDone }) => {
  const journal = new RequestJournal();
  beforeAll(open);
  afterAll(close);

  test('of a new ticket: the caller is told to try again, and gets the one ticket', async () => {
    const request = writtenRequest(journal, 'create', TICKETS);
    const lost = commits.lose({ after: request.text, isDone });
    expect(await send(request)).toMatchObject({ status: 503, body: { code: 'platform_busy', retryable: true } });
    await lost;

    const again = await send(request);
    expect(again).toMatchObject({ status: 201, body: { ticket_number: 1 } });
    expect(again.headers['idempotent-replayed']).toBe(isDone ? 'true' : undefined);
  });

  test('of an answer: the caller is told to try again, and the customer is answered once', async () => {
    const opening = writtenRequest(journal, 'create', TICKETS, { channel: 'telegram', chat_id: 1 });
    const { body } = await send(opening);
    const request = writtenRequest(journal, 'reply', `${TICKETS}/${(body as WriteAnswer).id}/reply`);
    const lost = commits.lose({ after: request.text, isDone });
    expect(await send(request)).toMatchObject({ status: 503, body: { code: 'platform_busy', retryable: true } });
    await lost;
    expect(await send(request)).toMatchObject({ status: 201, body: { ticket: { message_count: 2 } } });
  });

  test('of a ticket without a key: it is stored at most once', async () => {
    const request = writtenRequest(journal, 'create', TICKETS, {}, null);
    const lost = commits.lose({ after: request.text, isDone });
    expect(await send(request)).toMatchObject({ status: 503, body: { code: 'platform_busy', retryable: true } });
    await lost;
    const stored = await scene.db.sql('SELECT FROM message WHERE text = $1', [request.text]);
    expect(stored.length).toBe(isDone ? 1 : 0);
  });

  test('of a consumer: the event has its effect once', async () => {
    const request = writtenRequest(journal, 'create', TICKETS);
    const gate = await scene.shutGate();
    await send(request);
    const lost = commits.lose({ after: request.text, isDone });
    await gate.release();
    await lost;
    await scene.drained();
    const effects = await scene.db.sql('SELECT FROM ledger WHERE strpos(body, $1) > 0', [request.text]);
    expect(effects.length).toBe(LEDGER_CONSUMERS.length);
  });

  test('leaves books that agree', async () => {
    await scene.drained();
    expect(await ledgerFaults(scene.db, journal)).toEqual([]);
  });
});

/** Connections on which consumers wait for hints. */
async function listeners(): Promise<number> {
  const rows = await scene.db.sql(
    `SELECT FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle' AND query LIKE 'LISTEN %'`,
  );
  return rows.length;
}

async function readiness(): Promise<HttpAnswer> {
  return httpCall({ url: service.opsUrl, method: 'GET', path: '/readyz' });
}

async function createTicket(): Promise<HttpAnswer> {
  const body = { text: 'Help' };
  return httpCall({ url: service.url as string, method: 'POST', path: TICKETS, key: scene.key, body });
}

function writtenRequest(
  journal: RequestJournal,
  kind: WrittenRequest['kind'],
  path: string,
  fields: object = {},
  idempotencyKey: string | null = randomUUID(),
): WrittenRequest {
  const text = `text ${randomUUID()}`;
  const request = { kind, path, idempotencyKey, body: { ...fields, text }, text, attempts: 0 };
  journal.requests.push(request);
  return request;
}

async function send(request: WrittenRequest): Promise<HttpAnswer> {
  const { path, body, idempotencyKey } = request;
  request.attempts++;
  const call = { url: service.url as string, method: 'POST', path, body, key: scene.key } as const;
  const answer = await httpCall({ ...call, ...(idempotencyKey && { idempotencyKey }) });
  if (answer.status === 201) {
    request.answer = answer.body as WriteAnswer;
  }
  return answer;
}
