import type { EntityManager } from 'typeorm';
import type { ProjectScope } from './project-scope';

/** One SQL statement. With a `name` the server plans it once per connection: for hot paths whose text never varies. */
export interface Statement {
  readonly name?: string;
  readonly text: string;
  readonly values?: readonly unknown[];
}

/** What every open transaction can do. */
export interface SqlTransaction {
  /** Runs a statement and answers its rows. Statements that are not awaited in between travel in one round trip. */
  query<Row = Record<string, unknown>>(statement: Statement): Promise<Row[]>;
  /**
   * Like {@link query}, with the COMMIT in the same round trip: the transaction's last statement on a hot path. Inside an
   * outer transaction it is a plain query, and the outer one commits.
   */
  queryAndCommit<Row = Record<string, unknown>>(statement: Statement): Promise<Row[]>;
  /** Calls `hook` once the transaction is durable; never after a rollback. */
  afterCommit(hook: () => void): void;
  /** TypeORM's manager on this very connection: for administrative reading and writing, not for hot paths. */
  readonly manager: EntityManager;
}

/** A transaction on behalf of one project: row-level security shows that project alone. */
export interface Tx extends SqlTransaction {
  readonly scope: ProjectScope;
}

/** A transaction across projects, in the tables that the worker role may touch. */
export interface WorkerTx extends SqlTransaction {
  /**
   * Runs `work` as the application role bound to `scope`, within this transaction; without {@link Tx.manager}. A failure is thrown
   * on, and the transaction can only be rolled back then. A test side is not emptied until the transaction ends. Several may run at
   * the same time: the statements of each work for its own project, and travel together.
   */
  asProject<T>(scope: ProjectScope, work: (tx: Tx) => Promise<T>): Promise<T>;
}
