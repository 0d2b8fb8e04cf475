import { createHash, randomBytes } from 'node:crypto';
import { Client } from 'pg';
import type { QueryRunner } from 'typeorm';
import { Database, migrateUp } from '#database';
import { MIGRATIONS } from '#schema';

/** A migrated database of its own for one test file. */
export interface TestDatabase {
  readonly url: string;
  readonly database: Database;
  /** Runs one statement as the owner, past row-level security: for arranging and for looking behind the curtain. */
  sql<Row = Record<string, unknown>>(text: string, values?: unknown[]): Promise<Row[]>;
  /** Has `work` done before the database is dropped: for what belongs to it and stands elsewhere. */
  beforeDrop(work: () => Promise<void>): void;
  drop(): Promise<void>;
}

const TEMPLATE_LOCK = 8_152_733;

/** The server that tests use: `scripts/test.mjs` says which; without it, the one that listens on localhost. */
function serverUrl(): string {
  return (
    process.env['HELPDESK_TEST_DATABASE_URL'] ??
    process.env['DATABASE_URL'] ??
    'postgres://postgres@127.0.0.1:5432/postgres'
  );
}

function withDatabase(url: string, name: string): string {
  const copy = new URL(url);
  copy.pathname = `/${name}`;
  return copy.toString();
}

async function onServer<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  // A server that dies under the query rejects the query as well.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** One migrated template per set of migrations: a test database is a copy of it, made in some tens of milliseconds. */
async function ensureTemplate(client: Client, server: string): Promise<string> {
  const name = `helpdesk_template_${await migrationsDigest()}`;
  const found = await client.query('SELECT FROM pg_database WHERE datname = $1', [name]);
  if (found.rowCount === 0) {
    const half = `${name}_new`;
    await client.query(`DROP DATABASE IF EXISTS ${half} WITH (FORCE)`);
    await client.query(`CREATE DATABASE ${half} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'`);
    await migrateUp(withDatabase(server, half));
    // A database that somebody is connected to cannot be copied.
    await client.query(`ALTER DATABASE ${half} WITH ALLOW_CONNECTIONS false`);
    await client.query(`ALTER DATABASE ${half} RENAME TO ${name}`);
  }
  return name;
}

/** What the migrations run, as a digest: a changed migration gets a new template. */
async function migrationsDigest(): Promise<string> {
  const digest = createHash('sha256');
  const recorder = { query: (text: string) => Promise.resolve(void digest.update(text)) } as unknown as QueryRunner;
  for (const Migration of MIGRATIONS) {
    await new Migration().up(recorder);
  }
  return digest.digest('hex').slice(0, 12);
}

/** Makes a fresh, migrated database on the test server, or on the one at this address. */
export async function createTestDatabase(server = serverUrl()): Promise<TestDatabase> {
  const name = `helpdesk_test_${process.pid}_${randomBytes(5).toString('hex')}`;
  await onServer(server, async (client) => {
    await client.query('SELECT pg_advisory_lock($1)', [TEMPLATE_LOCK]);
    const template = await ensureTemplate(client, server);
    await client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`);
  });
  const url = withDatabase(server, name);
  const database = await Database.connect({
    url,
    poolSize: 10,
    workerPoolSize: 5,
    applicationName: 'helpdesk-test',
    statementTimeoutMs: 10_000,
  });
  const works: Array<() => Promise<void>> = [];
  return {
    url,
    database,
    beforeDrop: (work) => void works.push(work),
    sql: (text, values) => onServer(url, async (client) => (await client.query(text, values)).rows),
    drop: async () => {
      for (const work of works.splice(0)) {
        await work();
      }
      await database.close();
      await onServer(server, (client) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
    },
  };
}
