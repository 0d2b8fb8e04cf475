import { Client } from 'pg';
import type { Operation } from '../loader/loops';
import type { ReplayInputs, StatementTemplate, TransactionTemplate } from './transaction-template';

/** Which replay a connection does next. */
export interface ReplayStep {
  readonly template: TransactionTemplate;
  readonly inputs: ReplayInputs;
}

/** Which database, and the settings of the connections to it. */
export interface FloorAddress {
  readonly url: string;
  readonly options: string;
}

/** Connections that replay recorded transactions by bare `pg`. */
export interface FloorConnections {
  readonly operations: readonly Operation[];
  close(): Promise<void>;
}

interface NumberRow {
  readonly last_number?: number;
}

/**
 * Opens `count` connections with the product's own settings. Each replays one transaction after the other, in the round trips in
 * which the product sends it.
 * @param next says what the connection with this index replays next.
 */
export async function openFloor(
  { url, options }: FloorAddress,
  count: number,
  next: (connection: number) => ReplayStep,
): Promise<FloorConnections> {
  const clients = Array.from({ length: count }, () => new Client({ connectionString: url, options, pipeline: true }));
  await Promise.all(clients.map((client) => client.connect()));
  return {
    operations: clients.map((client, index) => async () => {
      const { template, inputs } = next(index);
      return replay(client, template, inputs);
    }),
    close: async () => {
      await Promise.all(clients.map((client) => client.end()));
    },
  };
}

async function replay(client: Client, template: TransactionTemplate, inputs: ReplayInputs): Promise<boolean> {
  const run = template.begin(inputs);
  try {
    for (const statements of template.roundTrips) {
      const answers = await Promise.all(statements.map((statement) => client.query(prepared(statement, run))));
      const row = answers
        .flatMap((answer) => (answer.rows ?? []) as NumberRow[])
        .find((one) => one?.last_number !== undefined);
      run.ticketNumber = row?.last_number ?? run.ticketNumber;
    }
    return true;
  } catch {
    await client.query('ROLLBACK').catch(() => undefined);
    return false;
  }
}

function prepared(
  { name, text, values }: StatementTemplate,
  run: ReturnType<TransactionTemplate['begin']>,
): { name?: string; text: string; values?: unknown[] } {
  return { name, text: text(run), values: values?.(run) };
}
