import { createTestDatabase } from '#testing';
import type { TestDatabase } from '#testing';
import { HintListener } from './hint-listener';

let db: TestDatabase;
let heard: Array<string | undefined>;
let listener: HintListener;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

beforeEach(() => {
  heard = [];
  listener = new HintListener(db.url, 'test_hints', (payload) => heard.push(payload));
  listener.start();
});
afterEach(() => listener.stop());

async function hears(length: number): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (heard.length < length) {
    if (Date.now() > deadline) {
      throw new Error(`Heard ${heard.length} of ${length} hints.`);
    }
    await new Promise((resolve) => {
      setTimeout(resolve, 10);
    });
  }
}

const cutConnections = () =>
  db.sql(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE application_name = 'helpdesk-hints' AND datname = current_database()`,
  );

describe('HintListener', () => {
  it('hears what is notified, and begins with a hint for what was before', async () => {
    await hears(1);
    await db.sql(`SELECT pg_notify('test_hints', 'a'), pg_notify('test_hints', 'b'), pg_notify('others', 'c')`);
    await hears(3);
    expect(heard).toEqual([undefined, 'a', 'b']);
  });

  it('listens again after each loss of its connection, with a hint for what was missed', async () => {
    await hears(1);
    await cutConnections();
    await hears(2);
    await cutConnections();
    await hears(3);
    await db.sql(`SELECT pg_notify('test_hints', 'a')`);
    await hears(4);
    expect(heard).toEqual([undefined, undefined, undefined, 'a']);
  });

  it('leaves no connection behind, whenever it is stopped', async () => {
    const early = new HintListener(db.url, 'test_hints', () => {});
    early.start();
    await early.stop();
    await hears(1);
    await listener.stop();
    const left = await db.sql(
      `SELECT FROM pg_stat_activity WHERE application_name = 'helpdesk-hints' AND datname = current_database()`,
    );
    expect(left).toEqual([]);
  });
});
