import { randomUUID } from 'node:crypto';
import { createTestDatabase } from '#testing';
import type { TestDatabase } from '#testing';
import { eventually } from '../../../test/support/eventually';
import { ChaosProxy } from '../../../test/support/servers/chaos-proxy';
import { Database } from './database';
import { UnitOfWork } from './unit-of-work';

/** ReadyForQuery, idle: the server's last word when a session has been set up (PostgreSQL, "Message Formats"). */
const READY = Buffer.from([0x5a, 0, 0, 0, 5, 0x49]);

let db: TestDatabase;
let way: ChaosProxy;
let database: Database;
/** What comes with the next session's first word that it is ready, in one piece. */
let alongWithReady: Buffer | null = null;

beforeAll(async () => {
  db = await createTestDatabase();
  way = await ChaosProxy.open(db.url, () => ({
    toServer: (sent) => sent,
    toClient(sent) {
      if (!alongWithReady || !sent.subarray(-READY.length).equals(READY)) {
        return sent;
      }
      const both = Buffer.concat([sent, alongWithReady]);
      alongWithReady = null;
      return both;
    },
  }));
  database = await Database.connect({
    url: way.url,
    poolSize: 1,
    workerPoolSize: 1,
    applicationName: 'helpdesk-test',
    statementTimeoutMs: 100,
  });
});
afterAll(async () => {
  await database.close();
  await way.close();
  await db.drop();
});

async function ask(): Promise<unknown[]> {
  const projectId = randomUUID();
  const scope = { projectId, liveProjectId: projectId, isTest: false, clockOffsetMs: 0 };
  return new UnitOfWork(database).run(scope, (tx) => tx.query({ text: 'SELECT 1 AS one' }));
}

/** ErrorResponse with these fields (PostgreSQL, "Error and Notice Message Fields"). */
function errorResponse(fields: Readonly<Record<string, string>>): Buffer {
  const body = Object.entries(fields).map(([type, value]) => `${type}${value}\0`);
  const text = Buffer.from(`${body.join('')}\0`);
  const head = Buffer.from([0x45, 0, 0, 0, 0]);
  head.writeInt32BE(text.length + 4, 1);
  return Buffer.concat([head, text]);
}

test('a connection whose other end has died without a word is given up, and the next one serves', async () => {
  expect(await ask()).toEqual([{ one: 1 }]);
  way.halfOpen();
  await expect(ask()).rejects.toThrow(/timeout|terminated/);
  expect(await ask()).toEqual([{ one: 1 }]);
});

test('a connection that the server ends in the moment it is ready costs one statement, never the process', async () => {
  way.reset();
  alongWithReady = errorResponse({ S: 'FATAL', C: '57P01', M: 'terminating connection due to administrator command' });
  await eventually(async () => {
    await expect(ask()).rejects.toThrow(/administrator command|not queryable/);
  });
  expect(alongWithReady).toBeNull();
  expect(await ask()).toEqual([{ one: 1 }]);
});
