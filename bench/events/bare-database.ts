import { Client } from 'pg';
import { EFFECT } from './event-database';
import { CONSUMER } from './events';
import type { BenchEvent } from './events';

/**
 * The least that a consumer with an inbox does: inbox row, effect and commit, a transaction for each event, in one round trip, on as
 * many connections as the product's consumer has. Answers how many milliseconds it took.
 */
export async function consumeByHand(url: string, connections: number, events: readonly BenchEvent[]): Promise<number> {
  const clients = Array.from({ length: connections }, () => new Client({ connectionString: url, pipeline: true }));
  await Promise.all(clients.map((client) => client.connect()));
  const left = [...events];
  const begin = performance.now();
  await Promise.all(
    clients.map(async (client) => {
      for (let event = left.pop(); event; event = left.pop()) {
        await Promise.all([
          client.query('BEGIN'),
          client.query({
            name: 'bench-inbox',
            text: 'INSERT INTO inbox (consumer, event_id, processed_at) VALUES ($1, $2, now()) ON CONFLICT DO NOTHING',
            values: [CONSUMER, event.eventId],
          }),
          client.query({ ...EFFECT, values: [event.eventId, event.projectId] }),
          client.query('COMMIT'),
        ]);
      }
    }),
  );
  const took = performance.now() - begin;
  await Promise.all(clients.map((client) => client.end()));
  return took;
}
