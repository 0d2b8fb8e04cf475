import { readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { withClient } from '../database/bench-databases';

/** What the figures were measured on. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly node: string;
  readonly postgres: string;
  /** Settings of the server that decide about speed. */
  readonly settings: Readonly<Record<string, string>>;
}

const SETTINGS = ['fsync', 'synchronous_commit', 'shared_buffers', 'max_wal_size', 'jit'];

/** Describes this machine and the server, which is most useful when it runs on the same one. */
export async function describeMachine(databaseUrl: string): Promise<Machine> {
  const rows = await withClient(databaseUrl, async (client) => {
    const names = ['server_version', ...SETTINGS];
    return (
      await client.query<{ name: string; value: string }>(
        'SELECT name, current_setting(name) AS value FROM unnest($1::text[]) AS name',
        [names],
      )
    ).rows;
  });
  const settings = new Map(rows.map(({ name, value }) => [name, value]));
  return {
    processor: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 1_024 ** 3),
    node: process.version,
    postgres: settings.get('server_version') ?? 'unknown',
    settings: Object.fromEntries(SETTINGS.map((name) => [name, settings.get(name) ?? ''])),
  };
}

/** Times of all processors since the machine was started, in a unit of their own. */
export interface ProcessorTimes {
  readonly all: number;
  /** When there was work, and the host gave the processor to another machine. */
  readonly stolen: number;
}

/** Undefined where the system does not tell (proc_stat(5)). */
export function processorTimes(): ProcessorTimes | undefined {
  try {
    const [, ...times] = readFileSync('/proc/stat', 'utf8').split('\n', 1)[0]?.trim().split(/\s+/).map(Number) ?? [];
    // What guests took, the last two, counts as user time already.
    const all = times.slice(0, 8).reduce((sum, time) => sum + time, 0);
    return { all, stolen: times[7] ?? 0 };
  } catch {
    return undefined;
  }
}
