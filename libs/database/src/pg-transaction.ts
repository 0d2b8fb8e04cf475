import type { Writable } from 'node:stream';
import type { PoolClient } from 'pg';
import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import { APP_ROLE, WORKER_ROLE } from '#schema';
import { faultPoint } from './fault-points';
import type { ProjectScope } from './project-scope';
import { enterSide } from './test-side';
import type { SqlTransaction, Statement, Tx, WorkerTx } from './transaction';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * One transaction on one pooled connection. BEGIN and the project's settings are sent without being awaited, so they share the
 * round trip of the first statement.
 *
 * A failure while COMMIT is under way leaves open whether it happened; it is thrown, the request answers 5xx, and a repeat with
 * the same idempotency key resolves it.
 */
export class PgTransaction implements Tx, WorkerTx {
  private readonly hooks: Array<() => void> = [];
  private committed = false;
  private over = false;
  private failed = false;
  /** For whom the last statement works that was sent; undefined for whoever began the transaction. */
  private actsFor: ProjectScope | undefined;

  private constructor(
    private readonly runner: QueryRunner,
    private readonly client: PoolClient,
    private readonly begun: Promise<unknown>,
    private readonly projectScope?: ProjectScope,
  ) {}

  /** Takes a connection and opens the transaction, bound to `scope` when there is one. */
  static async begin(source: DataSource, scope?: ProjectScope): Promise<PgTransaction> {
    const runner = source.createQueryRunner();
    const client = (await runner.connect()) as PoolClient;
    gatherWrites(client);
    const begun = client.query(scope ? `BEGIN; ${bindTo(scope)}` : 'BEGIN');
    // Its failure fails the first statement as well, and that one is awaited.
    begun.catch(() => undefined);
    return new PgTransaction(runner, client, begun, scope);
  }

  get scope(): ProjectScope {
    if (!this.projectScope) {
      throw new Error('This transaction belongs to no project.');
    }
    return this.projectScope;
  }

  get manager(): EntityManager {
    // TypeORM must not open a transaction of its own inside this one.
    (this.runner as { isTransactionActive: boolean }).isTransactionActive = true;
    return this.runner.manager;
  }

  async query<Row>(statement: Statement): Promise<Row[]> {
    return this.queryFor<Row>(undefined, statement);
  }

  /** Statements are executed in the order in which they are sent, so each works for whom it was sent, whatever stands between. */
  private async queryFor<Row>(scope: ProjectScope | undefined, statement: Statement): Promise<Row[]> {
    if (this.committed) {
      throw new Error('The transaction is over: queryAndCommit was its last statement.');
    }
    this.assertSound();
    // The connection may serve someone else by now.
    if (this.over) {
      throw new Error('The transaction is over: a statement came after its work had ended.');
    }
    gatherWrites(this.client);
    this.actFor(scope);
    const result = await this.client.query({ ...statement, values: statement.values as unknown[] | undefined });
    return result.rows as Row[];
  }

  async queryAndCommit<Row>(statement: Statement): Promise<Row[]> {
    faultPoint('transaction.beforeCommit');
    const rows = this.query<Row>(statement);
    this.committed = true;
    const commit = this.client.query('COMMIT');
    commit.catch(() => undefined);
    const answer = await rows;
    assertCommitted(await commit);
    return answer;
  }

  afterCommit(hook: () => void): void {
    this.hooks.push(hook);
  }

  async asProject<T>(scope: ProjectScope, work: (tx: Tx) => Promise<T>): Promise<T> {
    // No savepoint, which every event of a batch would pay for: a failure takes the whole transaction back.
    let ended = false;
    const part = partOf(this.asSeenBy(scope), scope, () => ended);
    try {
      await enterSide(part, scope);
      return await work(part);
    } catch (error) {
      this.failed = true;
      throw error;
    } finally {
      ended = true;
    }
  }

  /** Runs `work`, then commits; rolls back when it throws. The connection goes back to the pool in every case. */
  async complete<T>(work: (tx: PgTransaction) => Promise<T>): Promise<T> {
    try {
      const result = await work(this);
      if (!this.committed) {
        await this.begun;
        this.assertSound();
        faultPoint('transaction.beforeCommit');
        this.committed = true;
        assertCommitted(await this.client.query('COMMIT'));
      }
      return this.finish(result);
    } catch (error) {
      await this.rollBack();
      throw error;
    } finally {
      this.over = true;
      await this.runner.release();
    }
  }

  private assertSound(): void {
    if (this.failed) {
      throw new Error('The transaction can only be rolled back: what it did for a project has failed.');
    }
  }

  private asSeenBy(scope: ProjectScope): SqlTransaction {
    const query = async <Row>(statement: Statement): Promise<Row[]> => this.queryFor<Row>(scope, statement);
    return {
      query,
      queryAndCommit: query,
      afterCommit: (hook) => this.afterCommit(hook),
      get manager(): EntityManager {
        throw new Error('Work for a project inside the transaction of a worker has no manager: write SQL.');
      },
    };
  }

  /** In the round trip of the next statement, which fails if this fails. */
  private actFor(scope: ProjectScope | undefined): void {
    const before = this.actsFor;
    if (scope?.projectId === before?.projectId) {
      return;
    }
    this.actsFor = scope;
    const role = scope ? (before ? '' : `SET LOCAL ROLE ${APP_ROLE}; `) : `SET LOCAL ROLE ${WORKER_ROLE}`;
    this.client.query(`${role}${scope ? bindTo(scope) : ''}`).catch(() => undefined);
  }

  private finish<T>(result: T): T {
    faultPoint('transaction.afterCommit');
    for (const hook of this.hooks) {
      hook();
    }
    return result;
  }

  private async rollBack(): Promise<void> {
    try {
      // After a failed pipelined COMMIT the transaction is over already: then this is a harmless warning of the server.
      await this.client.query('ROLLBACK');
    } catch {
      // A connection that cannot roll back is broken; the pool drops it on release, and the server ends the transaction.
    }
  }
}

/**
 * The same transaction for someone who may not end it: `queryAndCommit` is a plain query. Once `hasEnded`, it takes no more
 * statements, so that work that was given up cannot go on outside of its project.
 */
export function partOf(outer: SqlTransaction, scope: ProjectScope, hasEnded: () => boolean = () => false): Tx {
  const query = async <Row>(statement: Statement): Promise<Row[]> => {
    if (hasEnded()) {
      throw new Error('This part of the transaction is over: a statement came after its work had ended.');
    }
    return outer.query<Row>(statement);
  };
  return {
    scope,
    get manager() {
      return outer.manager;
    },
    query,
    queryAndCommit: query,
    afterCommit: (hook) => outer.afterCommit(hook),
  };
}

/** What is written to the connection until the promises of this turn have gone on leaves the process in one system call. */
function gatherWrites(client: PoolClient): void {
  const { stream } = (client as unknown as { readonly connection: { readonly stream: Writable } }).connection;
  if (stream.writableCorked === 0) {
    stream.cork();
    process.nextTick(() => stream.uncork());
  }
}

/** A failed statement turns COMMIT into ROLLBACK without an error of its own. */
function assertCommitted(result: { command?: string }): void {
  if (result.command !== 'COMMIT') {
    throw new Error('The transaction was rolled back instead of committed: one of its statements failed.');
  }
}

/** The settings that row-level security reads, as plain SQL: the ids are checked, for this text carries no parameters. */
function bindTo({ projectId, liveProjectId }: ProjectScope): string {
  if (!UUID.test(projectId) || !UUID.test(liveProjectId)) {
    throw new Error('A project scope needs lower-case UUIDs.');
  }
  return `SET LOCAL app.project_id = '${projectId}'; SET LOCAL app.live_project_id = '${liveProjectId}'`;
}
