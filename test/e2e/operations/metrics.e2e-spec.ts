import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Metrics } from '#platform';
import { eventually } from '../../support/eventually';
import { LedgerModule } from '../../support/ledger/ledger.module';
import { createLedger } from '../../support/ledger/ledger-table';
import { SUITE_TRANSPORT } from '../../support/suite-transport';
import { startTestService } from '../../support/test-service';
import type { TestService } from '../../support/test-service';
import { createTestDatabase } from '#testing';
import type { TestDatabase } from '#testing';

const TABLE = join(__dirname, '..', '..', '..', 'docs', 'metrics.md');

let db: TestDatabase;
let service: TestService;

beforeAll(async () => {
  db = await createTestDatabase();
  await createLedger(db);
  service = await startTestService({ db, ops: true, modules: [LedgerModule] });
});
afterAll(async () => {
  await service.close();
  await db.drop();
});

async function scrape(): Promise<string[]> {
  const answer = await fetch(`${service.opsUrl}/metrics`);
  expect(answer.status).toBe(200);
  return (await answer.text()).split('\n');
}

test(`events go over ${SUITE_TRANSPORT}, as the suite says`, () => {
  const isOverBroker = service.logs.some((line) => line.includes('"broker.connected"'));
  expect(isOverBroker).toBe(SUITE_TRANSPORT === 'rabbitmq');
});

test('what happens to an event can be followed in the metrics', async () => {
  const project = await service.createProject();
  await project.createTicket();
  await eventually(async () => {
    expect(await scrape()).toEqual(
      expect.arrayContaining([
        'helpdesk_outbox_unpublished 0',
        'helpdesk_outbox_oldest_unpublished_seconds 0',
        'helpdesk_outbox_published_total 1',
        'helpdesk_outbox_publish_failures_total{reason="failed"} 0',
        'helpdesk_relay_duty{duty="delivery"} 1',
        'helpdesk_messages_processed_total{consumer="ledger.first",result="done"} 1',
        'helpdesk_message_duration_seconds_count{consumer="ledger.first"} 1',
        'helpdesk_consumer_pending{consumer="ledger.second"} 0',
        'helpdesk_consumer_oldest_pending_seconds{consumer="ledger.second"} 0',
        'helpdesk_consumer_waiting{consumer="ledger.second",rung="5"} 0',
        'helpdesk_consumer_dead{consumer="ledger.second"} 0',
      ]),
    );
  });
});

test('docs/metrics.md has exactly the metrics that there are', async () => {
  const metrics = service.service.app.get(Metrics).registry.getMetricsAsArray();
  const known = metrics
    .filter(({ name }) => name.startsWith('helpdesk_'))
    .map((metric) => rowOf(metric as unknown as DescribedMetric));
  const rows = (await readFile(TABLE, 'utf8'))
    .split('\n')
    .filter((line) => line.startsWith('| `helpdesk_'))
    .map((line) => line.replace(/ +/g, ' '));
  expect(rows.toSorted()).toEqual(known.toSorted());
});

interface DescribedMetric {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly labelNames: readonly string[];
}

function rowOf({ name, type, help, labelNames }: DescribedMetric): string {
  const labels = labelNames.map((label) => `\`${label}\``).join(', ');
  return `| \`${name}\` | ${type} | ${labels ? `${labels} ` : ''}| ${help} |`;
}
