import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable } from '@nestjs/common';
import { Database } from './database';
import { partOf, PgTransaction } from './pg-transaction';
import type { ProjectScope } from './project-scope';
import { enterSide } from './test-side';
import type { Statement, Tx, WorkerTx } from './transaction';

/**
 * The only way to write: everything that belongs together happens in one transaction, bound to one project.
 *
 * A nested `run` of the same project joins the outer transaction. That is how the idempotency record of a request commits
 * together with the effect of the use case, which knows nothing of it.
 */
@Injectable()
export class UnitOfWork {
  private readonly ambient = new AsyncLocalStorage<Tx>();

  constructor(private readonly database: Database) {}

  /**
   * Runs `work` in a transaction of the project; commits when it resolves, rolls back when it throws. A test side is not emptied
   * until the transaction ends.
   */
  async run<T>(scope: ProjectScope, work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.bound(scope, async (tx) => {
      await enterSide(tx, scope);
      return work(tx);
    });
  }

  private async bound<T>(scope: ProjectScope, work: (tx: Tx) => Promise<T>): Promise<T> {
    const outer = this.ambient.getStore();
    if (outer) {
      assertSameProject(outer.scope, scope);
      return work(outer);
    }
    const transaction = await PgTransaction.begin(this.database.app, scope);
    return transaction.complete((tx) => work(tx as Tx));
  }

  /**
   * Like {@link run}, and every `run` below `work` joins this transaction. Only these keep a test side from being emptied, so that it
   * can be emptied in here, too.
   */
  async runShared<T>(scope: ProjectScope, work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.bound(scope, (tx) => {
      const part = partOf(tx, scope);
      return this.ambient.run(part, () => work(part));
    });
  }

  /** True inside {@link runShared}: what is written now commits with the outer transaction, not by itself. */
  get isShared(): boolean {
    return this.ambient.getStore() !== undefined;
  }

  /**
   * Reads with one statement, in one round trip, whatever others do meanwhile. Inside a shared transaction it sees that
   * transaction's own changes.
   */
  async read<Row = Record<string, unknown>>(scope: ProjectScope, statement: Statement): Promise<Row[]> {
    return this.bound(scope, (tx) => tx.queryAndCommit<Row>(statement));
  }

  /** Runs `work` in a transaction across projects, as the worker role. */
  async runAsWorker<T>(work: (tx: WorkerTx) => Promise<T>): Promise<T> {
    const transaction = await PgTransaction.begin(this.database.worker);
    return transaction.complete((tx) => work(tx as WorkerTx));
  }
}

function assertSameProject(outer: ProjectScope, inner: ProjectScope): void {
  if (outer.projectId !== inner.projectId) {
    throw new Error(
      `A transaction of project ${outer.projectId} cannot be joined on behalf of project ${inner.projectId}.`,
    );
  }
}
