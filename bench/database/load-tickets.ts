import type { Client } from 'pg';
import { LOAD_PEOPLE, LOAD_SEEDS, LOAD_TICKETS, PREPARE, SECONDARY_INDEXES } from './load-tickets.sql';
import { PHRASES } from './phrases';

/**
 * Loads `tickets` over the given projects, the same ones in every run: a year of conversations in Russian and English, with
 * history, search documents, the event log's last 30 days and the projects' counters; then analyses the tables.
 *
 * Foreign keys are not checked while loading and secondary indexes are built afterwards: that is what makes a million a matter
 * of minutes. `changes` are made to what was loaded while there are no indexes.
 */
export async function loadTickets(
  client: Client,
  projectIds: readonly string[],
  tickets: number,
  changes: readonly string[] = [],
): Promise<void> {
  await client.query(`SET session_replication_role = replica; SET maintenance_work_mem = '512MB'; SET work_mem = '256MB';
    SET synchronous_commit = off; SET TimeZone = 'UTC'`);
  await client.query(PREPARE);
  await insertProjects(client, projectIds);
  await insertPhrases(client);
  const newest = new Date();
  for (const statement of LOAD_PEOPLE) {
    await client.query(statement, [tickets, newest]);
  }
  await client.query('ANALYZE bench.project, bench.phrase, bench.agent, bench.type, subscriber');
  await client.query(
    LOAD_SEEDS.replaceAll('$1', String(tickets))
      .replaceAll('$2', `'${newest.toISOString()}'::timestamptz`)
      .replaceAll('$3', String(projectIds.length)),
  );
  await client.query('ANALYZE bench.seed');
  const indexes = (await client.query<{ name: string; definition: string }>(SECONDARY_INDEXES)).rows;
  await client.query(indexes.map(({ name }) => `DROP INDEX ${name}`).join('; '));
  for (const statement of [...LOAD_TICKETS, ...changes]) {
    await client.query(statement);
  }
  for (const { definition } of indexes) {
    await client.query(definition);
  }
  await client.query('DROP SCHEMA bench CASCADE');
  await client.query('VACUUM (ANALYZE)');
  await client.query('CHECKPOINT');
}

async function insertProjects(client: Client, projectIds: readonly string[]): Promise<void> {
  await client.query(
    'INSERT INTO bench.project SELECT place - 1, id FROM unnest($1::uuid[]) WITH ORDINALITY AS p (id, place)',
    [[...projectIds]],
  );
}

async function insertPhrases(client: Client): Promise<void> {
  for (const [kind, phrases] of Object.entries(PHRASES)) {
    await client.query(
      'INSERT INTO bench.phrase SELECT $1, place - 1, text FROM unnest($2::text[]) WITH ORDINALITY AS p (text, place)',
      [kind, [...phrases]],
    );
    await client.query('INSERT INTO bench.kind_size VALUES ($1, $2)', [kind, phrases.length]);
  }
}
