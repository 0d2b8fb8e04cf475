export type { ProjectScope } from './project-scope';
export type { SqlTransaction, Statement, Tx, WorkerTx } from './transaction';
export { Database } from './database';
export type { DatabaseOptions } from './data-source';
export { createOwnerDataSource } from './data-source';
export { DatabaseModule } from './database.module';
export { UnitOfWork } from './unit-of-work';
export { assertMigrated, migrateUp, migrationStatus, PendingMigrationsError } from './migrations';
export type { MigrationStatus } from './migrations';
