import type { TestDatabase } from '#testing';
import { openTestBroker } from './test-broker';
import type { TestBroker } from './test-broker';

/** What carries the events of the services under test: the suite's kind says it, see jest.config.cjs. */
export const SUITE_TRANSPORT: 'postgres' | 'rabbitmq' =
  (globalThis as { readonly HELPDESK_TEST_TRANSPORT?: 'rabbitmq' }).HELPDESK_TEST_TRANSPORT ?? 'postgres';

/** The services of one database are one installation, so they share its part of the broker. */
const brokers = new WeakMap<TestDatabase, Promise<TestBroker>>();

/**
 * What the environment of a service on this database says of the broker: nothing over Postgres. Queues are removed when the database
 * is dropped.
 */
export async function brokerEnvironment(db: TestDatabase): Promise<Readonly<Record<string, string>>> {
  if (SUITE_TRANSPORT === 'postgres') {
    return {};
  }
  const opened = brokers.get(db) ?? openFor(db);
  brokers.set(db, opened);
  const { url, prefix } = await opened;
  return { EVENT_TRANSPORT: SUITE_TRANSPORT, RABBITMQ_URL: url, RABBITMQ_PREFIX: prefix };
}

async function openFor(db: TestDatabase): Promise<TestBroker> {
  const broker = await openTestBroker();
  db.beforeDrop(async () => {
    const rows = await db.sql<{ consumer: string }>('SELECT consumer FROM event_consumer');
    await broker.remove(rows.map(({ consumer }) => consumer));
  });
  return broker;
}
