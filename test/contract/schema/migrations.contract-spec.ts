import { assertMigrated, migrateUp, migrationStatus, PendingMigrationsError } from '#database';
import { MIGRATIONS } from '#schema';
import { createTestDatabase } from '#testing';
import type { TestDatabase } from '#testing';
import { emptyDatabase } from './empty-database';

const NAMES = MIGRATIONS.map(({ name }) => name);

describe('the migrations', () => {
  let db: TestDatabase;

  beforeEach(async () => {
    db = await createTestDatabase();
    await emptyDatabase(db);
  });
  afterEach(() => db.drop());

  const applied = () => db.sql<{ name: string }>('SELECT name FROM migrations ORDER BY id');

  it('are applied once by runners that start at the same moment, and none of them fails', async () => {
    const runs = await Promise.all([migrateUp(db.url), migrateUp(db.url), migrateUp(db.url)]);
    expect(runs.flat()).toEqual(NAMES);
    expect((await applied()).map((row) => row.name)).toEqual(NAMES);
  });

  it('leave an up-to-date database alone', async () => {
    await migrateUp(db.url);
    expect(await migrateUp(db.url)).toEqual([]);
  });

  it('are named as missing, and refuse a start, until they are applied', async () => {
    expect(await migrationStatus(db.url)).toEqual(NAMES.map((name) => ({ name, applied: false })));
    await expect(assertMigrated(db.url)).rejects.toThrow(PendingMigrationsError);
    await migrateUp(db.url);
    expect(await migrationStatus(db.url)).toEqual(NAMES.map((name) => ({ name, applied: true })));
    await expect(assertMigrated(db.url)).resolves.toBeUndefined();
  });

  it('leave nothing half-done when one fails', async () => {
    await db.sql('CREATE TABLE ticket_history (in_the_way integer)');
    await expect(migrateUp(db.url)).rejects.toThrow('already exists');
    await db.sql('DROP TABLE ticket_history');
    expect(await migrateUp(db.url)).toEqual(NAMES);
  });
});
