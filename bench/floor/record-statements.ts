import { Client } from 'pg';

/** One statement as the product sent it. */
export interface RecordedStatement {
  readonly name?: string;
  readonly text: string;
  readonly values?: readonly unknown[];
}

/** What one request sent to the database, on one connection of the application role. */
export interface Recording {
  /** Statements by round trip: those of one group were sent without waiting for each other's answers. */
  readonly roundTrips: ReadonlyArray<readonly RecordedStatement[]>;
  /** The settings with which the connection was opened. */
  readonly connectionOptions: string;
}

interface QueryConfig {
  readonly name?: string;
  readonly text: string;
  readonly values?: readonly unknown[];
}

type Query = (config: string | QueryConfig, values?: unknown, callback?: unknown) => Promise<unknown>;

const APP_ROLE_OPTION = 'role=helpdesk_app';

/**
 * Runs `work` and records what it sends to Postgres as the application role: taken from the driver, so that the floor replays
 * what the product does now and cannot drift from it.
 * @throws {Error} when it sent nothing, or used several connections at once.
 */
export async function recordStatements(work: () => Promise<unknown>): Promise<Recording> {
  const prototype = Client.prototype as unknown as { query: Query };
  const original = prototype.query;
  const roundTrips: RecordedStatement[][] = [];
  const clients = new Set<Client>();
  let underWay = 0;
  prototype.query = function record(this: Client, config, values, callback) {
    const answer = original.call(this, config, values, callback);
    if (!connectionOptionsOf(this).includes(APP_ROLE_OPTION)) {
      return answer;
    }
    clients.add(this);
    if (underWay++ === 0) {
      roundTrips.push([]);
    }
    roundTrips.at(-1)?.push(typeof config === 'string' ? { text: config } : config);
    void afterAnswer(answer, () => underWay--);
    return answer;
  };
  try {
    await work();
  } finally {
    prototype.query = original;
  }
  const [client, second] = clients;
  if (!client || second) {
    throw new Error(`A request was expected to use one connection to the database, not ${clients.size}.`);
  }
  return { roundTrips, connectionOptions: connectionOptionsOf(client) };
}

/** Calls `done` before anybody who awaits the answer goes on. */
async function afterAnswer(answer: Promise<unknown>, done: () => void): Promise<void> {
  try {
    await answer;
  } catch {
    // Whoever sent the statement handles its failure.
  }
  done();
}

function connectionOptionsOf(client: Client): string {
  return (client as unknown as { connectionParameters: { options?: string } }).connectionParameters.options ?? '';
}
