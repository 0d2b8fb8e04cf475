import { migrateUp, migrationStatus } from '#database';
import type { Command } from '../command-line/command';
import { table } from '../command-line/table';
import { withDatabase } from '../open-database';

const UNCHANGED = { migrated: false };

const migrate: Command = {
  name: 'migrate up',
  summary: 'Bring the database up to date; several may run at once',
  example: 'DATABASE_URL=postgres://… helpdesk migrate up',
  async run(_input, environment) {
    const applied = await withDatabase(environment(), migrateUp, UNCHANGED);
    return {
      json: { applied },
      text: applied.length > 0 ? `Applied: ${applied.join(', ')}` : 'The database is up to date.',
    };
  },
};

const status: Command = {
  name: 'migrate status',
  summary: 'Say which migrations the database has',
  example: 'helpdesk migrate status',
  async run(_input, environment) {
    const migrations = await withDatabase(environment(), migrationStatus, UNCHANGED);
    const pending = migrations.filter(({ applied }) => !applied).length;
    const rows = migrations.map(({ name, applied }) => ({ migration: name, state: applied ? 'applied' : 'pending' }));
    return { json: { migrations, pending }, text: table(rows, 'There are no migrations.') };
  },
};

/** The schema by command line. */
export const MIGRATE_COMMANDS: readonly Command[] = [migrate, status];
