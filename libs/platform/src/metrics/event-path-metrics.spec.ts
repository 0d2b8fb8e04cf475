import type { EventPathStatus } from '#messaging';
import { addEventPathMetrics } from './event-path-metrics';
import { Metrics } from './metrics';

let looks: number;
let status: EventPathStatus | Error;
let metrics: Metrics;

beforeEach(() => {
  looks = 0;
  status = {
    oldestUnpublishedSeconds: 1.5,
    unpublished: 7,
    consumers: [{ consumer: 'app.react', pending: 3, oldestPendingSeconds: 12, waiting: [2, 0], dead: 1 }],
  };
  metrics = new Metrics();
  addEventPathMetrics(metrics, {
    status: async () => {
      looks++;
      if (status instanceof Error) {
        throw status;
      }
      return status;
    },
  });
});

const lines = async () =>
  (await metrics.registry.metrics()).split('\n').filter((line) => /^helpdesk_(outbox|consumer)/.test(line));

test('one scrape is one look, and the next one another', async () => {
  expect(await lines()).toEqual(
    expect.arrayContaining([
      'helpdesk_outbox_oldest_unpublished_seconds 1.5',
      'helpdesk_outbox_unpublished 7',
      'helpdesk_consumer_pending{consumer="app.react"} 3',
      'helpdesk_consumer_oldest_pending_seconds{consumer="app.react"} 12',
      'helpdesk_consumer_waiting{consumer="app.react",rung="1"} 2',
      'helpdesk_consumer_waiting{consumer="app.react",rung="2"} 0',
      'helpdesk_consumer_dead{consumer="app.react"} 1',
    ]),
  );
  expect(looks).toBe(1);
  await lines();
  expect(looks).toBe(2);
});

test('while the broker is away, what the outbox has is told all the same', async () => {
  status = { oldestUnpublishedSeconds: 90, unpublished: 7, consumers: null };
  const told = await lines();
  expect(told).toContain('helpdesk_outbox_unpublished 7');
  expect(told.filter((line) => line.startsWith('helpdesk_consumer'))).toEqual([]);
});

test('while the database is away nothing is told of it, and the other metrics are', async () => {
  status = new Error('the database is away');
  const told = await lines();
  expect(told.filter((line) => /unpublished|consumer/.test(line))).toEqual([]);
  expect(told).toContain('helpdesk_outbox_published_total 0');
});
