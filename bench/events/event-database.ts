import type { Client } from 'pg';
import { TicketUpdated } from '#contracts';
import { CONSUMER } from './events';
import type { BenchEvent } from './events';

const CHUNK = 1_000;

/** What events are about, and what their consumer does. */
const TABLES = `
  CREATE TABLE bench_ticket (project_id uuid, id uuid, seq integer NOT NULL, PRIMARY KEY (project_id, id));
  CREATE TABLE bench_effect (n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, event_id uuid NOT NULL, project_id uuid NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp());
  GRANT SELECT, INSERT, UPDATE ON bench_ticket, bench_effect TO helpdesk_app, helpdesk_worker`;

/** Makes the tables of the benchmark. */
export async function createEventTables(client: Client): Promise<void> {
  await client.query(TABLES);
}

/** The effect of the benchmark's consumer. */
export const EFFECT = {
  name: 'bench-effect',
  text: 'INSERT INTO bench_effect (event_id, project_id) VALUES ($1, $2)',
} as const;

/** Leaves no event behind, so that no measurement pays for the one before. */
export async function clearEvents(client: Client): Promise<void> {
  await client.query('TRUNCATE outbox, event_delivery, event_log_head, inbox, bench_ticket, bench_effect');
}

/** Writes events into the outbox, in one transaction. */
export async function loadOutbox(client: Client, events: readonly BenchEvent[]): Promise<void> {
  await client.query('BEGIN');
  for (let from = 0; from < events.length; from += CHUNK) {
    const chunk = events.slice(from, from + CHUNK);
    await client.query({
      name: 'bench-load',
      text: `INSERT INTO outbox (event_id, project_id, type, aggregate_id, aggregate_seq, body, request_id, created_at)
             SELECT e.event_id, e.project_id, $1, e.aggregate_id, e.seq, e.body, e.event_id, now()
             FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::int[], $6::text[])
               WITH ORDINALITY AS e (event_id, project_id, aggregate_id, seq, body, place)
             ORDER BY e.place`,
      values: [
        TicketUpdated.type,
        chunk.map(({ eventId }) => eventId),
        chunk.map(({ projectId }) => projectId),
        chunk.map(({ aggregateId }) => aggregateId),
        chunk.map(({ sequence }) => sequence),
        chunk.map(({ body }) => body),
      ],
    });
  }
  await client.query('COMMIT');
}

/** Makes the deliveries of all events and marks these as published, in transactions of {@link CHUNK}: what the relay must do at least. */
export async function deliverByHand(client: Client): Promise<void> {
  let from = 0;
  for (;;) {
    await client.query('BEGIN');
    const { rows } = await client.query<{ last: number | null }>({
      name: 'bench-deliver',
      text: `WITH next AS MATERIALIZED (
               SELECT id, event_id, project_id, aggregate_id FROM outbox WHERE id > $1 ORDER BY id LIMIT ${CHUNK} FOR UPDATE
             ), added AS (
               INSERT INTO event_delivery (outbox_id, consumer, event_id, project_id, aggregate_id, next_at, created_at)
               SELECT id, $2, event_id, project_id, aggregate_id, now(), now() FROM next
             ), marked AS (
               UPDATE outbox o SET published_at = now() FROM next WHERE o.id = next.id
             )
             SELECT max(id)::int AS last FROM next`,
      values: [from, CONSUMER],
    });
    await client.query('COMMIT');
    if (!rows[0]?.last) {
      return;
    }
    from = rows[0].last;
  }
}

/** Whether the relay has taken every event. */
export async function isRelayed(client: Client): Promise<boolean> {
  const { rowCount } = await client.query({
    name: 'bench-unpublished',
    text: `(SELECT FROM outbox WHERE position IS NULL LIMIT 1)
           UNION ALL (SELECT FROM outbox WHERE position IS NOT NULL AND published_at IS NULL LIMIT 1)`,
  });
  return rowCount === 0;
}

/** When effects became, in milliseconds, in their order. */
export async function effectTimes(client: Client): Promise<number[]> {
  const { rows } = await client.query<{ at: string }>(
    'SELECT extract(epoch FROM at) * 1000 AS at FROM bench_effect ORDER BY at',
  );
  return rows.map(({ at }) => Number(at));
}

/** How many effects there are. */
export async function countEffects(client: Client): Promise<number> {
  const { rows } = await client.query<{ count: number }>({
    name: 'bench-count',
    text: 'SELECT count(*)::int AS count FROM bench_effect',
  });
  return rows[0]?.count ?? 0;
}
