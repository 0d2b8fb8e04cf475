import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { migrateUp } from '#database';

/** Runs `work` on one connection to `url`, as its user. */
export async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url, application_name: 'helpdesk-bench' });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

const LOCAL_HOSTS = new Set(['127.0.0.1', 'localhost', '[::1]']);
const NAME = /^helpdesk_bench_(\d+)_/;

/** The databases of one run: they are made on the given server and dropped at the end. */
export class BenchDatabases {
  private readonly prefix = `helpdesk_bench_${process.pid}_${randomBytes(3).toString('hex')}`;
  private readonly made: string[] = [];

  constructor(private readonly serverUrl: string) {}

  /**
   * The benchmark loads its tickets past row-level security.
   * @throws {Error} when the user may not do that.
   */
  async assertAllowed(): Promise<void> {
    const { rows } = await withClient(this.serverUrl, (client) =>
      client.query<{ super: boolean }>('SELECT rolsuper AS super FROM pg_roles WHERE rolname = current_user'),
    );
    if (!rows[0]?.super) {
      throw new Error(
        'The benchmark fills its own database past row-level security, so it needs a superuser of a server for experiments: name one in DATABASE_URL.',
      );
    }
  }

  /** Drops what runs that were killed have left on a server of this machine; elsewhere their process ids say nothing. */
  async dropLeftovers(): Promise<void> {
    if (!LOCAL_HOSTS.has(new URL(this.serverUrl).hostname)) {
      return;
    }
    await withClient(this.serverUrl, async (client) => {
      const { rows } = await client.query<{ name: string }>(
        `SELECT datname AS name FROM pg_database WHERE datname LIKE 'helpdesk\\_bench\\_%'`,
      );
      for (const { name } of rows) {
        if (!isAlive(Number(NAME.exec(name)?.[1]))) {
          await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
        }
      }
    });
  }

  /** Makes a migrated database; answers its address. */
  async create(suffix: string): Promise<string> {
    const name = this.nameOf(suffix);
    await withClient(this.serverUrl, (client) =>
      client.query(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'`),
    );
    const url = this.urlOf(name);
    await migrateUp(url);
    return url;
  }

  /** Makes a copy of another database of this run, to which nobody is connected; answers its address. */
  async copy(from: string, suffix: string): Promise<string> {
    const name = this.nameOf(suffix);
    await withClient(this.serverUrl, (client) =>
      client.query(`CREATE DATABASE ${name} TEMPLATE ${this.nameOf(from)} STRATEGY file_copy`),
    );
    return this.urlOf(name);
  }

  async dropAll(): Promise<void> {
    await withClient(this.serverUrl, async (client) => {
      for (const name of this.made.splice(0)) {
        await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      }
    });
  }

  private nameOf(suffix: string): string {
    const name = `${this.prefix}_${suffix}`;
    if (!this.made.includes(name)) {
      this.made.push(name);
    }
    return name;
  }

  private urlOf(name: string): string {
    const url = new URL(this.serverUrl);
    url.pathname = `/${name}`;
    return url.toString();
  }
}

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
