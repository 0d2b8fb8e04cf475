import { createOwnerDataSource } from '#database';
import { createTestDatabase } from '#testing';
import type { TestDatabase } from '#testing';
import { emptyDatabase } from './empty-database';

/** Tables that belong to TypeORM itself. */
const TOOLS_TABLES = ['migrations', 'typeorm_metadata'];

describe('the entities', () => {
  let db: TestDatabase;

  beforeAll(async () => {
    db = await createTestDatabase();
    await rememberGeneratedColumns(db);
  });
  afterAll(() => db.drop());

  it('agree with what the migrations make', async () => {
    expect(await drift(db)).toEqual([]);
  });

  it('cover every table', async () => {
    const tables = await db.sql<{ name: string }>(
      `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename <> ALL($1) ORDER BY 1`,
      [TOOLS_TABLES],
    );
    const covered = db.database.app.entityMetadatas.map((entity) => entity.tableName);
    expect(covered.toSorted()).toEqual(tables.map((table) => table.name));
  });

  it('define checks, keys and conditions in the same words', async () => {
    const fromEntities = await createTestDatabase();
    try {
      await emptyDatabase(fromEntities);
      await makeFromEntities(fromEntities);
      expect(await definitions(fromEntities)).toEqual(await definitions(db));
    } finally {
      await fromEntities.drop();
    }
  });

  it.each([
    ['a column is missing', 'ALTER TABLE member DROP COLUMN removed_at CASCADE'],
    ['a column is new', 'ALTER TABLE member ADD COLUMN phone text'],
    ['a type has changed', 'ALTER TABLE message ALTER COLUMN seq TYPE bigint'],
    ['a default has changed', 'ALTER TABLE ticket ALTER COLUMN version SET DEFAULT 2'],
    ['a NOT NULL is gone', 'ALTER TABLE ticket ALTER COLUMN status DROP NOT NULL'],
    ['an index is gone', 'DROP INDEX ix_ticket_updated'],
    [
      'an index has other columns',
      'DROP INDEX ix_ticket_waiting; CREATE INDEX ix_ticket_waiting ON ticket (waiting_since)',
    ],
    ['a check is gone', 'ALTER TABLE ticket DROP CONSTRAINT ck_ticket_status'],
    ['a foreign key is gone', 'ALTER TABLE message DROP CONSTRAINT fk_message_ticket'],
    ['a table is gone', 'DROP TABLE inbox'],
  ])('notice when %s', async (_case, change) => {
    await inChangedDatabase(change, async (changed) => {
      expect(await drift(changed)).not.toEqual([]);
    });
  });

  it.each([
    ['a check', 'ALTER TABLE member DROP CONSTRAINT ck_member_role, ADD CONSTRAINT ck_member_role CHECK (true)'],
    ['a condition', 'DROP INDEX uq_outbox_position; CREATE INDEX uq_outbox_position ON outbox (id) WHERE id > 0'],
    [
      'a generated column',
      'ALTER TABLE ticket DROP COLUMN priority_rank, ADD COLUMN priority_rank smallint GENERATED ALWAYS AS (1) STORED',
    ],
  ])('notice when %s has other words', async (_case, change) => {
    await inChangedDatabase(change, async (changed) => {
      expect(await definitions(changed)).not.toEqual(await definitions(db));
    });
  });
});

async function inChangedDatabase(change: string, look: (changed: TestDatabase) => Promise<void>): Promise<void> {
  const changed = await createTestDatabase();
  try {
    await rememberGeneratedColumns(changed);
    await changed.sql(change);
    await look(changed);
  } finally {
    await changed.drop();
  }
}

/** The statements that TypeORM would need to make the database look like the entities. */
async function drift({ url }: TestDatabase): Promise<string[]> {
  const source = await createOwnerDataSource(url).initialize();
  try {
    const { upQueries } = await source.driver.createSchemaBuilder().log();
    return upQueries.map(({ query }) => query);
  } finally {
    await source.destroy();
  }
}

/** TypeORM compares names alone; here the server says what it has understood. */
async function definitions({ sql }: TestDatabase): Promise<string[]> {
  const rows = await sql<{ definition: string }>(
    `
    SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) AS definition
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype IN ('c', 'f', 'p')
    UNION ALL
    SELECT indrelid::regclass || ' ' || indexrelid::regclass || ' ' || pg_get_expr(indpred, indrelid)
    FROM pg_index WHERE indrelid::regclass::text <> ALL($1) AND indpred IS NOT NULL AND indexprs IS NULL
    UNION ALL
    SELECT adrelid::regclass || ' ' || attname || ' ' || pg_get_expr(adbin, adrelid)
    FROM pg_attrdef JOIN pg_attribute a ON attrelid = adrelid AND attnum = adnum AND attgenerated <> ''
  `,
    [TOOLS_TABLES],
  );
  return rows
    .map((row) => row.definition)
    .filter((text) => !TOOLS_TABLES.some((table) => text.startsWith(table)))
    .toSorted();
}

async function makeFromEntities({ url }: TestDatabase): Promise<void> {
  const source = await createOwnerDataSource(url).initialize();
  await source.synchronize().finally(() => source.destroy());
}

/**
 * TypeORM compares the expression of a generated column with its own note of it, which only migrations generated by it make.
 */
async function rememberGeneratedColumns({ sql, url, database }: TestDatabase): Promise<void> {
  await sql(
    'CREATE TABLE IF NOT EXISTS typeorm_metadata (type text, database text, schema text, "table" text, name text, value text)',
  );
  const generated = database.app.entityMetadatas
    .flatMap((entity) => entity.columns)
    .filter((column) => column.asExpression);
  for (const { entityMetadata, databaseName, asExpression } of generated) {
    await sql(`INSERT INTO typeorm_metadata VALUES ('GENERATED_COLUMN', $1, 'public', $2, $3, $4)`, [
      new URL(url).pathname.slice(1),
      entityMetadata.tableName,
      databaseName,
      asExpression,
    ]);
  }
}
