import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Logger, Module } from '@nestjs/common';
import { DomainError, TicketCreated } from '#contracts';
import { DeadDeliveries } from '#messaging';
import { readEnvironment } from '#platform';
import { consumerOf } from '#testing';
import { runCommandLine } from '../../../apps/cli/src/run-command-line';
import { eventually } from '../../support/eventually';
import { brokerEnvironment } from '../../support/suite-transport';
import { startTestService } from '../../support/test-service';
import type { TestService } from '../../support/test-service';

const RUNBOOK = join(__dirname, '..', '..', '..', 'docs', 'runbooks', 'events.md');
const CONSUMER = 'notifier.queue-webhooks';
const AN_EVENT = '019bd3f2-6c00-7000-8000-1f2e3d4c5b6a';

const refusing = consumerOf(CONSUMER, [TicketCreated], async () => {
  throw new DomainError('forbidden', 'Ask an owner.');
});

@Module({ providers: [refusing] })
class RefusingModule {}

/** What stands alone on a line of a block of commands. */
const commands = [...readFileSync(RUNBOOK, 'utf8').matchAll(/^```sh\n([^`]*)^```/gm)]
  .flatMap(([, block = '']) => block.trim().split('\n'))
  .map((line) => line.replace('npx helpdesk ', ''));

let service: TestService;

beforeAll(async () => {
  service = await startTestService({ modules: [RefusingModule] });
});
afterAll(() => service.close());

test('there are commands, and all are the product’s', () => {
  expect(commands.length).toBeGreaterThanOrEqual(11);
  expect(commands.filter((command) => !command.startsWith('events '))).toEqual([]);
});

test.each(commands)('helpdesk %s', async (command) => {
  const dead = service.service.app.get(DeadDeliveries, { strict: false });
  const project = await service.createProject();
  await project.createTicket();
  const eventId = await eventually(async () => {
    const [one] = (await dead.list({ consumer: CONSUMER, limit: 100 })).filter(
      ({ projectId }) => projectId === project.projectId,
    );
    return one!.eventId;
  });
  const told = { out: '', err: '' };
  const source = { DATABASE_URL: service.db.url, ...(await brokerEnvironment(service.db)) };
  const exit = await runCommandLine(command.replace(AN_EVENT, eventId).split(' '), {
    out: (text) => (told.out += text),
    err: (text) => (told.err += text),
    environment: () => readEnvironment(source),
  });
  // A command writes errors to the standard error, and here it shares the process with the service.
  Logger.overrideLogger(false);
  expect({ exit, ...told }).toEqual({ exit: 0, out: expect.stringMatching(/./), err: '' });
});
