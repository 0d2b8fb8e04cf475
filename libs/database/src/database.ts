import type { DataSource } from 'typeorm';
import { createAppDataSource, createWorkerDataSource } from './data-source';
import type { DatabaseOptions } from './data-source';
import { assertMigrated } from './migrations';

/** The process's two pools: the application role's and the worker role's. */
export class Database {
  private constructor(
    readonly app: DataSource,
    readonly worker: DataSource,
    /** Where it is, for connections outside the pools such as LISTEN. */
    readonly url: string,
  ) {}

  /**
   * Connects both pools.
   * @throws {PendingMigrationsError} when the schema is older than the code.
   */
  static async connect(options: DatabaseOptions): Promise<Database> {
    await assertMigrated(options.url);
    const [app, worker] = [createAppDataSource(options), createWorkerDataSource(options)];
    try {
      await app.initialize();
      await worker.initialize();
    } catch (error) {
      await close(app, worker);
      throw error;
    }
    return new Database(app, worker, options.url);
  }

  /** Closes both pools once their connections are back. */
  async close(): Promise<void> {
    await close(this.app, this.worker);
  }
}

async function close(...sources: DataSource[]): Promise<void> {
  await Promise.all(sources.filter((source) => source.isInitialized).map((source) => source.destroy()));
}
