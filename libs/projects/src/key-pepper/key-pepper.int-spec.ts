import { createHmac } from 'node:crypto';
import { UnitOfWork } from '#database';
import { Clock } from '#platform';
import { createTestDatabase } from '#testing';
import type { TestDatabase } from '#testing';
import { KeyPepper } from './key-pepper';

const KEY = 'zn_live_0000000000000000000000000000003VUwsN';
const PEPPER = 'a pepper from the environment';

describe('KeyPepper', () => {
  let db: TestDatabase;

  beforeAll(async () => {
    db = await createTestDatabase();
  });
  afterAll(() => db.drop());
  afterEach(() => db.sql('DELETE FROM installation_secret'));

  const process = (pepper?: string) => new KeyPepper(new UnitOfWork(db.database), new Clock(), { KEY_PEPPER: pepper });
  const kept = () => db.sql<{ name: string; value: string }>('SELECT name, value FROM installation_secret');

  it('hashes with the secret of the environment, and keeps nothing in the database', async () => {
    expect(await process(PEPPER).hash(KEY)).toEqual(createHmac('sha256', PEPPER).update(KEY).digest());
    expect(await kept()).toEqual([]);
  });

  it('makes one secret for processes that start together, and for those that come later', async () => {
    const together = await Promise.all(Array.from({ length: 8 }, () => process().hash(KEY)));
    const later = await process().hash(KEY);
    expect(new Set([...together, later].map((hash) => hash.toString('hex'))).size).toBe(1);
    expect(await kept()).toEqual([{ name: 'key_pepper', value: expect.stringMatching(/^[\w-]{43}$/) }]);
  });

  it('still finds the keys from before the environment had a secret', async () => {
    const before = await process().hash(KEY);
    const [current, ...former] = await process(PEPPER).hashes(KEY);
    expect(current).toEqual(await process(PEPPER).hash(KEY));
    expect(former).toEqual([before]);
  });

  it('tries again after a database that did not answer', async () => {
    const pepper = process();
    await db.sql('ALTER TABLE installation_secret RENAME TO elsewhere');
    await expect(pepper.hash(KEY)).rejects.toThrow('installation_secret');
    await db.sql('ALTER TABLE elsewhere RENAME TO installation_secret');
    await expect(pepper.hash(KEY)).resolves.toHaveLength(32);
  });
});
