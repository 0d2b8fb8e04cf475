import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { Database } from './database';
import { UnitOfWork } from './unit-of-work';

/** Gives every module the database and the unit of work. Called once per process, by `runService`. */
@Module({})
export class DatabaseModule {
  static forRoot(database: Database): DynamicModule {
    return {
      module: DatabaseModule,
      global: true,
      providers: [{ provide: Database, useValue: database }, UnitOfWork],
      exports: [Database, UnitOfWork],
    };
  }
}
