import type { ConsumeMessage } from 'amqplib';
import type { EventEnvelope } from '#contracts';
import { eventually } from '../../support/eventually';
import { ForeignConnection, openForeignStage } from '../../support/foreign-consumers';
import type { ForeignStage } from '../../support/foreign-consumers';
import { PATIENCE_MS } from '../../support/processes/patience';
import { describeWithBroker } from '../../support/test-broker';
import type { TestProject } from '../../support/test-project';

// A broker of its own has to start.
jest.setTimeout(4 * PATIENCE_MS);

const EXCHANGE = 'helpdesk.events';
const LOG = 'helpdesk.events.log';
const INTERNAL = 'notifier.queue-webhooks';

interface Added {
  readonly url: string;
  readonly queue: string;
  readonly stream: string | null;
}

describeWithBroker('a foreign consumer', () => {
  let stage: ForeignStage;
  let own: TestProject;
  let other: TestProject;
  const open: ForeignConnection[] = [];

  beforeAll(async () => {
    stage = await openForeignStage();
    [own, other] = [await stage.service.createProject(), await stage.service.createProject()];
    const operator = await ForeignConnection.open(stage.broker.url);
    open.push(operator);
    await operator.attempt((channel) => channel.assertQueue(INTERNAL, { durable: true }));
  });

  afterAll(async () => {
    await Promise.all(open.map((connection) => connection.close()));
    await stage.close();
  });

  async function add(name: string, { slug }: TestProject, ...options: string[]): Promise<Added> {
    return (await stage.json('consumer', 'add', name, '--project', slug, ...options)) as unknown as Added;
  }

  async function connect({ url }: Added): Promise<ForeignConnection> {
    const connection = await ForeignConnection.open(url);
    open.push(connection);
    return connection;
  }

  describe('of some events of a project', () => {
    let added: Added;
    let foreign: ForeignConnection;

    beforeAll(async () => {
      added = await add('crm', own, '--events', 'ticket.created,ticket.closed', '--stream');
      await add('crm', other, '--events', 'all', '--stream');
      foreign = await connect(added);
    });

    const bind = (key: string) => foreign.attempt((channel) => channel.bindQueue(added.queue, EXCHANGE, key));

    it('can bind these', async () => {
      expect(await bind(`ticket.created.${own.projectId}`)).toBe('ok');
      expect(await bind(`ticket.closed.${own.projectId}`)).toBe('ok');
    });

    it.each([
      ['everything', () => '#'],
      ['every event of tickets', () => 'ticket.#'],
      ['every event of every project', () => 'ticket.*.*'],
      ['a chosen event of every project', () => 'ticket.created.*'],
      ['a chosen event of another project', () => `ticket.created.${other.projectId}`],
      ['everything of another project', () => `#.${other.projectId}`],
      ['the test side', () => `ticket.created.${own.testProjectId}`],
      ['an event of its project that it was not given', () => `ticket.note_added.${own.projectId}`],
      ['every event of its project', () => `ticket.*.${own.projectId}`],
      ['the two at once', () => `#.${own.projectId}`],
    ])('cannot bind %s', async (_what, key) => {
      expect(await bind(key())).toBe(403);
    });

    it.each([LOG, INTERNAL])('cannot read, empty, delete or bind %s', async (queue) => {
      const key = `ticket.created.${own.projectId}`;
      const outcomes = [
        await foreign.attempt(async (channel) => {
          await channel.prefetch(1);
          await channel.consume(queue, () => undefined);
        }),
        await foreign.attempt((channel) => channel.get(queue)),
        await foreign.attempt((channel) => channel.purgeQueue(queue)),
        await foreign.attempt((channel) => channel.deleteQueue(queue)),
        await foreign.attempt((channel) => channel.bindQueue(queue, EXCHANGE, key)),
      ];
      expect(outcomes).toEqual(outcomes.map(() => 403));
    });

    it('cannot read what another project’s consumer of the same name has', async () => {
      const theirs = added.queue.replace(own.slug, other.slug);
      expect(theirs).not.toBe(added.queue);
      for (const queue of [theirs, `${theirs}.log`]) {
        const outcome = await foreign.attempt(async (channel) => {
          await channel.prefetch(1);
          await channel.consume(queue, () => undefined);
        });
        expect([queue, outcome]).toEqual([queue, 403]);
      }
    });

    it.each([
      ['the exchange', () => [EXCHANGE, `ticket.created.${own.projectId}`]],
      ['its own queue', () => ['', added.queue]],
      ['its own stream', () => ['', String(added.stream)]],
      ['a queue of the product', () => ['', INTERNAL]],
    ] as const)('cannot publish to %s', async (_what, target) => {
      const [exchange, key] = target() as [string, string];
      const outcome = await foreign.attempt(async (channel) => {
        channel.publish(exchange, key, Buffer.from('{}'));
        await channel.checkQueue(added.queue);
      });
      expect(outcome).toBe(403);
    });

    it('cannot declare or delete anything, its own queue included', async () => {
      const outcomes = [
        await foreign.attempt((channel) => channel.assertQueue('mine')),
        await foreign.attempt((channel) => channel.assertQueue('', { exclusive: true })),
        await foreign.attempt((channel) => channel.assertExchange('mine', 'topic')),
        await foreign.attempt((channel) => channel.bindExchange('amq.topic', EXCHANGE, `#.${own.projectId}`)),
        await foreign.attempt((channel) => channel.deleteExchange(EXCHANGE)),
        await foreign.attempt((channel) => channel.deleteQueue(added.queue)),
        await foreign.attempt((channel) => channel.deleteQueue(String(added.stream))),
      ];
      expect(outcomes).toEqual(outcomes.map(() => 403));
    });
  });

  describe('of everything of a project', () => {
    it('gets all of it and nothing else, from its queue and again from its stream', async () => {
      const added = await add('archive', own, '--events', 'all', '--stream');
      const foreign = await connect(added);
      const { id } = await own.createTicket();
      await own.createTicket({}, own.testKey);
      await other.createTicket();
      await own.request('POST', `/v1/helpdesk/tickets/${id}/reply`, { body: { text: 'Ask the bank', internal: true } });

      for (const args of [{ queue: added.queue }, { queue: String(added.stream), offset: 'first' }]) {
        const events = await read(foreign, args, 2);
        expect(events.map(({ type, subject }) => [type, subject])).toEqual([
          ['ticket.created', id],
          ['ticket.note_added', id],
        ]);
      }
    });

    it('may bind less than that, and nothing of another', async () => {
      const added = await add('archive', own, '--events', 'all');
      const foreign = await connect({ ...added, url: (await rotate('archive', own)).url });
      const bind = (key: string) => foreign.attempt((channel) => channel.bindQueue(added.queue, EXCHANGE, key));
      expect(await bind(`ticket.*.${own.projectId}`)).toBe('ok');
      for (const key of ['#', '*.*.*', `#.${other.projectId}`, `#.${own.testProjectId}`, `#.${own.projectId}.#`]) {
        expect([key, await bind(key)]).toEqual([key, 403]);
      }
    });
  });

  it('of the test side gets what happens there, and only that', async () => {
    const added = await add('crm', other, '--test', '--events', 'all');
    const foreign = await connect(added);
    await other.createTicket();
    const { id } = await other.createTicket({}, other.testKey);
    expect(await read(foreign, { queue: added.queue }, 1)).toMatchObject([
      { subject: id, projectid: other.testProjectId },
    ]);
    const bound = await foreign.attempt((channel) =>
      channel.bindQueue(added.queue, EXCHANGE, `ticket.created.${other.projectId}`),
    );
    expect(bound).toBe(403);
  });

  it('whose queue is full loses its oldest events, and the product none and no time: every publish is confirmed', async () => {
    const SIZE = 5;
    const added = await add('slow', own, '--events', 'ticket.created', '--max-length', String(SIZE));
    const tickets: string[] = [];
    for (let count = 0; count < 4 * SIZE; count++) {
      tickets.push((await own.createTicket()).id);
    }
    await eventually(async () => {
      const waiting = await stage.service.db.sql('SELECT FROM outbox WHERE published_at IS NULL');
      expect(waiting).toHaveLength(0);
    });
    const refusals = await stage.service.db.sql('SELECT FROM outbox WHERE attempts > 0 OR last_error IS NOT NULL');
    expect(refusals).toHaveLength(0);
    const kept = await read(await connect(added), { queue: added.queue }, SIZE);
    expect(kept.map(({ subject }) => subject)).toEqual(tickets.slice(-SIZE));
  });

  it('loses with an event that it is not given any more what it has bound and what it may bind', async () => {
    const added = await add('narrow', own, '--events', 'ticket.created,ticket.note_added');
    const foreign = await connect(added);
    await stage.json('consumer', 'add', 'narrow', '--project', own.slug, '--events', 'ticket.created');
    // What a channel was allowed to, it remembers: its connection ends.
    await foreign.ended;
    const again = await connect({ ...added, url: (await rotate('narrow', own)).url });
    const { id } = await own.createTicket();
    await own.request('POST', `/v1/helpdesk/tickets/${id}/reply`, { body: { text: 'Ask the bank', internal: true } });
    await own.createTicket();
    const events = await read(again, { queue: added.queue }, 2);
    expect(events.map(({ type }) => type)).toEqual(['ticket.created', 'ticket.created']);
    const bound = await again.attempt((channel) =>
      channel.bindQueue(added.queue, EXCHANGE, `ticket.note_added.${own.projectId}`),
    );
    expect(bound).toBe(403);
  });

  async function rotate(name: string, { slug }: TestProject): Promise<{ readonly url: string }> {
    const rotated = await stage.json('consumer', 'rotate-password', name, '--project', slug);
    return { url: String(rotated['url']) };
  }
});

/** The first so many events of a queue or a stream, and proof that for now no more come. */
async function read(
  foreign: ForeignConnection,
  { queue, offset }: { readonly queue: string; readonly offset?: string },
  count: number,
): Promise<EventEnvelope[]> {
  const channel = await foreign.openChannel();
  await channel.prefetch(100);
  const messages: ConsumeMessage[] = [];
  const options = offset === undefined ? {} : { arguments: { 'x-stream-offset': offset } };
  await channel.consume(queue, (message) => message && messages.push(message), options);
  await eventually(() => expect(messages.length).toBeGreaterThanOrEqual(count));
  const events = messages.map(({ content }) => JSON.parse(content.toString()) as EventEnvelope);
  messages.forEach((message) => channel.ack(message));
  await channel.close();
  expect(events).toHaveLength(count);
  return events;
}
