import type { MigrationInterface, QueryRunner } from 'typeorm';
import { INITIAL_EVENT_PATH } from './initial-schema/event-path.sql';
import { INITIAL_TABLES } from './initial-schema/tables.sql';
import { INITIAL_ROLES } from './initial-schema/roles.sql';
import { INITIAL_ROW_SECURITY } from './initial-schema/row-security.sql';
import { INITIAL_SEARCH } from './initial-schema/search.sql';
import { INITIAL_TEST_SIDE } from './initial-schema/test-side.sql';

/** The first schema: projects and their two sides, configuration, tickets, the event path, the HTTP edge's own tables. */
export class InitialSchema1763960000000 implements MigrationInterface {
  name = 'InitialSchema1763960000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(INITIAL_ROLES);
    await runner.query(INITIAL_TABLES);
    await runner.query(INITIAL_EVENT_PATH);
    await runner.query(INITIAL_SEARCH);
    await runner.query(INITIAL_ROW_SECURITY);
    await runner.query(INITIAL_TEST_SIDE);
  }

  async down(): Promise<void> {
    throw new Error('The first schema has no way back: drop the database instead.');
  }
}
