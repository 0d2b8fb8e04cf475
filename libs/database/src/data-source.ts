import { types } from 'pg';
import type { ClientBase } from 'pg';
import { DataSource } from 'typeorm';
import { APP_ROLE, ENTITIES, MIGRATIONS, WORKER_ROLE } from '#schema';

/** How to reach the database. */
export interface DatabaseOptions {
  /** `postgres://…`; its user owns the schema or is a member of the two roles of the product. */
  readonly url: string;
  /** Connections for requests and consumers. */
  readonly poolSize: number;
  /** Connections for the relay, scans and key look-ups. */
  readonly workerPoolSize: number;
  /** Name shown in `pg_stat_activity`. */
  readonly applicationName: string;
  /** Longest a single statement may run, in milliseconds. */
  readonly statementTimeoutMs: number;
}

const parseInt8 = (text: string): number => Number(text);
const INT8_OID = 20;

/** Longest that a statement of a worker may run, in milliseconds. */
const WORKER_STATEMENT_MS = 60_000;

/**
 * So much later than the server would have ended a statement is its answer given up, and with it the connection: the server's end has
 * died without a word, and nothing else would ever tell.
 */
const ANSWER_MARGIN_MS = 5_000;

/** Numbers in `bigint` columns stay below 2^53 (counters, chat ids), so they are read as numbers, not as strings. */
function typeParsers(): { getTypeParser: (oid: number, format?: 'text' | 'binary') => unknown } {
  return {
    getTypeParser: (oid, format) => (oid === INT8_OID ? parseInt8 : types.getTypeParser(oid, format ?? 'text')),
  };
}

/**
 * Between the pool and whoever borrows a connection nobody hears it fail for a moment, and a failure that nobody hears ends the
 * process: the server's "ready" and its end come in one piece when it restarts. The statement that is tried next tells.
 */
function hearFailures(connection: ClientBase): void {
  connection.on('error', () => undefined);
}

function createDataSource(options: DatabaseOptions, settings: readonly string[], poolSize: number): DataSource {
  const { statementTimeoutMs } = options;
  return new DataSource({
    type: 'postgres',
    url: options.url,
    entities: ENTITIES,
    migrations: MIGRATIONS,
    migrationsTableName: 'migrations',
    synchronize: false,
    logging: false,
    installExtensions: false,
    uuidExtension: 'pgcrypto',
    poolSize,
    applicationName: options.applicationName,
    extra: {
      // Statements here end before a compiler would have begun; it starts on estimates alone, and these may be wrong.
      options: ['TimeZone=UTC', 'jit=off', ...settings].map((setting) => `-c ${setting}`).join(' '),
      connectionTimeoutMillis: 5_000,
      ...(statementTimeoutMs > 0 && { query_timeout: statementTimeoutMs + ANSWER_MARGIN_MS }),
      idleTimeoutMillis: 30_000,
      keepAlive: true,
      onConnect: hearFailures,
      // Statements are sent without waiting for the answers of those before: BEGIN, the project's settings and the first
      // statement share one round trip.
      pipeline: true,
      types: typeParsers(),
    },
  });
}

/** A process that has vanished with its machine, which nobody tells the server, keeps its locks no longer than this. */
const GIVE_LOCKS_BACK = 'idle_in_transaction_session_timeout=60000';

/** Connections that run as the application role. */
export function createAppDataSource(options: DatabaseOptions): DataSource {
  const timeout = `statement_timeout=${options.statementTimeoutMs}`;
  return createDataSource(options, [`role=${APP_ROLE}`, timeout, GIVE_LOCKS_BACK], options.poolSize);
}

/** Connections that run as the worker role. */
export function createWorkerDataSource(options: DatabaseOptions): DataSource {
  const patient = { ...options, statementTimeoutMs: WORKER_STATEMENT_MS };
  const settings = [`role=${WORKER_ROLE}`, `statement_timeout=${WORKER_STATEMENT_MS}`, GIVE_LOCKS_BACK];
  return createDataSource(patient, settings, options.workerPoolSize);
}

/** One connection as the owner of the schema: for migrations only. */
export function createOwnerDataSource(url: string): DataSource {
  return createDataSource(
    { url, poolSize: 2, workerPoolSize: 0, applicationName: 'helpdesk-migrate', statementTimeoutMs: 0 },
    ['lock_timeout=10s'],
    2,
  );
}
