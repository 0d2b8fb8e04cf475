import { rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { prepare } from '../running/prepare.mjs';
import { inRoot } from '../running/root.mjs';
import { makeScratchFolder } from './scratch-folder.mjs';

const LOCAL = 'postgres://postgres@127.0.0.1:5432/postgres';
const PRIVATE = 'private';
const OLDEST_VERSION = 150_000;
const CONNECT_MS = 3_000;

/** Enough for a worker on each processor of a large machine. Crashes of a machine are not tested, so it need not wait for disks. */
const PRIVATE_SETTINGS = { max_connections: '400', fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off' };

/**
 * A PostgreSQL for the tests: the one that HELPDESK_TEST_DATABASE_URL or DATABASE_URL names, else one that listens on this
 * machine and lets us in, else a private one for this run; HELPDESK_TEST_DATABASE_URL=private asks for that.
 * @param {{ readonly privateSettings?: Readonly<Record<string, string>> }} [options] what a private one is set to instead.
 * @returns {Promise<{ readonly url: string, readonly description: string, readonly maxConnections: number, stop(): Promise<void> }>}
 * @throws {Error} when the named one cannot be used.
 */
export async function openTestDatabase({ privateSettings = PRIVATE_SETTINGS } = {}) {
  const given = process.env.HELPDESK_TEST_DATABASE_URL || process.env.DATABASE_URL;
  if (given === PRIVATE) {
    return startPrivate('asked for by the environment', privateSettings);
  }
  if (given) {
    const server = await examine(given);
    if (server.fault) {
      throw new Error(`The database server that the environment names cannot be used: ${server.fault}`);
    }
    return used(given, server, 'named by the environment');
  }
  const local = await examine(LOCAL);
  return local.fault
    ? startPrivate(`the one on port 5432 cannot be used: ${local.fault}`, privateSettings)
    : used(LOCAL, local, 'found on this machine');
}

function used(url, { version, maxConnections }, origin) {
  const { hostname, port } = new URL(url);
  return {
    url,
    description: `PostgreSQL ${version} at ${hostname}:${port || 5432} (${origin})`,
    maxConnections,
    stop: async () => undefined,
  };
}

async function examine(url) {
  try {
    const [server] = await query(
      url,
      `SELECT split_part(current_setting('server_version'), ' ', 1) AS version, current_setting('server_version_num')::int AS number,
              current_setting('max_connections')::int AS "maxConnections", rolsuper AS "isSuper"
       FROM pg_roles WHERE rolname = current_user`,
    );
    if (server.number < OLDEST_VERSION) {
      return { fault: `it is PostgreSQL ${server.version}, and 15 is the oldest that will do` };
    }
    return server.isSuper ? server : { fault: 'its user is no superuser, and the tests make databases and roles' };
  } catch (error) {
    return { fault: error.errors?.[0]?.message ?? error.message };
  }
}

async function startPrivate(reason, settings) {
  await prepare();
  const require = createRequire(import.meta.url);
  const { startEmbeddedPostgres } = require(
    inRoot('dist', 'libs', 'database', 'src', 'embedded-postgres', 'start-embedded-postgres.js'),
  );
  const dataDir = await makeScratchFolder('postgres');
  const first = await startEmbeddedPostgres({ dataDir });
  for (const [name, value] of Object.entries(settings)) {
    await query(first.url, `ALTER SYSTEM SET ${name} = '${value}'`);
  }
  await first.stop();
  const server = await startEmbeddedPostgres({ dataDir });
  const [{ version, maxConnections }] = await query(
    server.url,
    `SELECT current_setting('server_version') AS version, current_setting('max_connections')::int AS "maxConnections"`,
  );
  return {
    url: server.url,
    description: `PostgreSQL ${version}, a private one for this run (${reason})`,
    maxConnections,
    stop: async () => {
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/**
 * Runs one statement.
 * @param {string} url
 * @param {string} text
 * @param {readonly unknown[]} [values]
 * @returns {Promise<Array<Record<string, unknown>>>}
 */
export async function query(url, text, values) {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_MS });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.query(text, values)).rows;
  } finally {
    await client.end().catch(() => undefined);
  }
}
