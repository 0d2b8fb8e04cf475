import { randomUUID } from 'node:crypto';
import { createTestDatabase } from '#testing';
import type { TestDatabase } from '#testing';
import { ChaosProxy } from '../../../test/support/servers/chaos-proxy';
import { Database } from './database';
import { UnitOfWork } from './unit-of-work';

let db: TestDatabase;
let way: ChaosProxy;
let database: Database;

beforeAll(async () => {
  db = await createTestDatabase();
  way = await ChaosProxy.open(db.url);
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

test('a connection whose other end has died without a word is given up, and the next one serves', async () => {
  const uow = new UnitOfWork(database);
  const projectId = randomUUID();
  const scope = { projectId, liveProjectId: projectId, isTest: false, clockOffsetMs: 0 };
  const ask = () => uow.run(scope, (tx) => tx.query({ text: 'SELECT 1 AS one' }));
  expect(await ask()).toEqual([{ one: 1 }]);
  way.halfOpen();
  await expect(ask()).rejects.toThrow(/timeout|terminated/);
  expect(await ask()).toEqual([{ one: 1 }]);
});
