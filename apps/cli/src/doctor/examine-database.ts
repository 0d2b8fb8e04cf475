import type { DataSource } from 'typeorm';
import { createOwnerDataSource, DatabaseUnusableError, migrationStatus } from '#database';
import type { Environment } from '#platform';
import { APP_ROLE, WORKER_ROLE } from '#schema';
import { broken, ok, warning } from './finding';
import type { Finding } from './finding';

const OLDEST_VERSION = 150_000;
const SKEW_SECONDS = 2;
const BAD_SKEW_SECONDS = 60;
/** Kept free for people and tools. */
const SPARE_CONNECTIONS = 10;

/** Everything about the database that can be seen without the product's modules; ends at the first thing that is broken. */
export async function examineDatabase(url: string, environment: Environment): Promise<Finding[]> {
  const source = createOwnerDataSource(url);
  try {
    await source.initialize();
  } catch (error) {
    return [unreachable(url, error)];
  }
  try {
    const findings: Finding[] = [];
    for (const examine of [examineServer, examineConnections, examineClock, examineMigrations, examineRoles]) {
      const finding = await examine(source, { url, environment });
      findings.push(finding);
      if (finding.status === 'broken') {
        break;
      }
    }
    return findings;
  } finally {
    await source.destroy();
  }
}

interface Subject {
  readonly url: string;
  readonly environment: Environment;
}

function unreachable(url: string, error: unknown): Finding {
  const { message } = new DatabaseUnusableError(url, error);
  const end = message.lastIndexOf('. ');
  return broken('database', message.slice(0, end), message.slice(end + 2));
}

async function examineServer(source: DataSource): Promise<Finding> {
  const [server] = await source.query<Array<{ number: number; version: string; encoding: string }>>(
    `SELECT current_setting('server_version_num')::int AS number, current_setting('server_version') AS version,
            current_setting('server_encoding') AS encoding`,
  );
  if (!server || server.number < OLDEST_VERSION) {
    return broken('database', `PostgreSQL ${server?.version} is too old`, 'Use PostgreSQL 15 or newer.');
  }
  if (server.encoding !== 'UTF8') {
    return broken(
      'database',
      `The database has the encoding ${server.encoding}`,
      `Create it anew: CREATE DATABASE helpdesk ENCODING 'UTF8' TEMPLATE template0`,
    );
  }
  return ok('database', `PostgreSQL ${server.version} answers`);
}

async function examineConnections(source: DataSource, { environment }: Subject): Promise<Finding> {
  const [row] = await source.query<Array<{ most: number }>>(
    `SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int AS most`,
  );
  const most = row?.most ?? 0;
  const wanted = environment.DATABASE_POOL_SIZE + Math.max(4, Math.ceil(environment.DATABASE_POOL_SIZE / 2));
  return wanted + SPARE_CONNECTIONS <= most
    ? ok('connections', `One process takes up to ${wanted} of ${most}`)
    : warning(
        'connections',
        `One process takes up to ${wanted} of the server's ${most} connections`,
        'Raise max_connections of the server, or lower DATABASE_POOL_SIZE.',
      );
}

async function examineClock(source: DataSource): Promise<Finding> {
  const before = Date.now();
  const [row] = await source.query<Array<{ now: Date }>>('SELECT clock_timestamp() AS now');
  const ours = (before + Date.now()) / 2;
  const skew = Math.abs((row?.now.getTime() ?? ours) - ours) / 1000;
  const message = `The clocks of this machine and of the database differ by ${skew.toFixed(1)} s`;
  if (skew <= SKEW_SECONDS) {
    return ok('clock', message);
  }
  const mend = 'Let both machines take their time from one source (NTP).';
  return skew > BAD_SKEW_SECONDS ? broken('clock', message, mend) : warning('clock', message, mend);
}

async function examineMigrations(_source: DataSource, { url }: Subject): Promise<Finding> {
  const migrations = await migrationStatus(url);
  const pending = migrations.filter(({ applied }) => !applied).map(({ name }) => name);
  return pending.length === 0
    ? ok('migrations', `All ${migrations.length} are applied`)
    : broken('migrations', `Missing: ${pending.join(', ')}`, 'npx helpdesk migrate up');
}

async function examineRoles(source: DataSource): Promise<Finding> {
  const roles = await source.query<Array<{ name: string; member: boolean; free: boolean }>>(
    `SELECT rolname AS name, pg_has_role(current_user, oid, 'MEMBER') AS member, rolsuper OR rolbypassrls AS free
     FROM pg_roles WHERE rolname = ANY($1)`,
    [[APP_ROLE, WORKER_ROLE]],
  );
  const app = roles.find(({ name }) => name === APP_ROLE);
  if (app?.free) {
    return broken(
      'roles',
      `The role ${APP_ROLE} is not bound by row-level security`,
      `ALTER ROLE ${APP_ROLE} NOSUPERUSER NOBYPASSRLS`,
    );
  }
  const missing = [APP_ROLE, WORKER_ROLE].filter((name) => !roles.some((role) => role.name === name && role.member));
  return missing.length === 0
    ? ok('roles', `${APP_ROLE} and ${WORKER_ROLE} can be used`)
    : broken(
        'roles',
        `The user of DATABASE_URL may not act as ${missing.join(' and ')}`,
        `As an administrator of the server: GRANT ${missing.join(', ')} TO <that user>`,
      );
}
