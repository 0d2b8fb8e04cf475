import { randomUUID } from 'node:crypto';
import { createTestDatabase, insertProject } from '#testing';
import type { TestDatabase } from '#testing';
import { aCommand, ticketsOn } from '../tickets-under-test-spec';

const numbersFrom = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describe('CreateTicket', () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await createTestDatabase();
  });
  afterAll(() => db.drop());

  const eventsOf = (projectId: string) =>
    db.sql<{ type: string; aggregate_id: string }>(
      'SELECT type, aggregate_id FROM outbox WHERE project_id = $1 ORDER BY id',
      [projectId],
    );

  it('numbers 50 tickets that come at once from two processes from 1 to 50, each once', async () => {
    const { live } = await insertProject(db);
    const processes = [ticketsOn(db), ticketsOn(db)];
    const created = await Promise.all(
      numbersFrom(50).map((n) =>
        processes[n % 2]?.createTicket.execute(live, aCommand({ text: `Ticket ${n}`, chatId: 7, channel: 'telegram' })),
      ),
    );
    const numbers = created.map((ticket) => ticket?.ticket_number ?? 0);
    expect(numbers.toSorted((a, b) => a - b)).toEqual(numbersFrom(50));
    const stored = await db.sql<{ n: number }>('SELECT count(*)::int AS n FROM ticket WHERE project_id = $1', [
      live.projectId,
    ]);
    expect(stored[0]?.n).toBe(50);
  });

  it('makes one subscriber of tickets that a new chat sends at once, and says so once', async () => {
    const { live } = await insertProject(db);
    const processes = [ticketsOn(db), ticketsOn(db)];
    const created = await Promise.all(
      numbersFrom(10).map((n) =>
        processes[n % 2]?.createTicket.execute(live, aCommand({ channel: 'max', chatId: -42 })),
      ),
    );
    expect(new Set(created.map((ticket) => ticket?.subscriber_id)).size).toBe(1);
    const types = (await eventsOf(live.projectId)).map(({ type }) => type);
    expect(types.filter((type) => type === 'subscription.created')).toHaveLength(1);
    expect(types.filter((type) => type === 'ticket.created')).toHaveLength(10);
  });

  it('lets one impossible ticket of many fail alone, and leaves no gap for it', async () => {
    const { live } = await insertProject(db);
    const { createTicket } = ticketsOn(db);
    const settled = await Promise.allSettled(
      numbersFrom(20).map((n) =>
        createTicket.execute(live, aCommand({ ticketTypeId: n === 7 ? randomUUID() : null, text: `Ticket ${n}` })),
      ),
    );
    const refused = settled.filter((one) => one.status === 'rejected');
    expect(refused.map((one) => one.reason as unknown)).toEqual([
      expect.objectContaining({ code: 'validation_failed', details: [expect.objectContaining({ code: 'not_found' })] }),
    ]);
    const numbers = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value.ticket_number] : []));
    expect(numbers.toSorted((a, b) => a - b)).toEqual(numbersFrom(19));
  });

  it('refuses every one while the helpdesk is switched off, and takes no number, subscriber or event', async () => {
    const { live } = await insertProject(db);
    await db.sql('UPDATE helpdesk_settings SET helpdesk_enabled = false WHERE project_id = $1', [live.projectId]);
    const { createTicket } = ticketsOn(db);
    const settled = await Promise.allSettled(
      numbersFrom(8).map((n) => createTicket.execute(live, aCommand({ channel: 'telegram', chatId: n }))),
    );
    expect(settled.map((one) => (one.status === 'rejected' ? (one.reason as { code: string }).code : 'done'))).toEqual(
      numbersFrom(8).map(() => 'helpdesk_disabled'),
    );
    const [left] = await db.sql(
      `SELECT (SELECT last_number FROM ticket_counter WHERE project_id = $1) AS number,
              (SELECT count(*)::int FROM subscriber WHERE project_id = $1) AS subscribers,
              (SELECT count(*)::int FROM outbox WHERE project_id = $1) AS events`,
      [live.projectId],
    );
    expect(left).toEqual({ number: 0, subscribers: 0, events: 0 });
  });

  it('finds the subscriber of a chat or of an id of the integrator again, and keeps the newest names that say something', async () => {
    const { live } = await insertProject(db);
    const { createTicket } = ticketsOn(db);
    const identities = [{ channel: 'telegram' as const, chatId: 5 }, { externalId: 'customer-1' }];
    for (const identity of identities) {
      const first = await createTicket.execute(live, aCommand({ ...identity, firstName: 'Ivan', username: 'ivan' }));
      const second = await createTicket.execute(live, aCommand({ ...identity, username: 'ivan_p' }));
      expect(second.subscriber_id).toBe(first.subscriber_id);
      const [subscriber] = await db.sql('SELECT first_name, username FROM subscriber WHERE id = $1', [
        first.subscriber_id,
      ]);
      expect(subscriber).toEqual({ first_name: 'Ivan', username: 'ivan_p' });
      expect([first.username, second.first_name]).toEqual(['ivan', null]);
    }
    expect((await eventsOf(live.projectId)).filter(({ type }) => type === 'subscription.created')).toHaveLength(2);
  });

  it('sorts out many tickets of several new customers that come at once: one subscriber each, whoever fails', async () => {
    const { live } = await insertProject(db);
    const { createTicket } = ticketsOn(db);
    const settled = await Promise.allSettled(
      numbersFrom(60).map((n) =>
        createTicket.execute(
          live,
          aCommand({ channel: 'telegram', chatId: (n % 6) + 1, ticketTypeId: n % 20 === 0 ? randomUUID() : null }),
        ),
      ),
    );
    const created = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    expect(created).toHaveLength(57);
    const pairs = new Set(created.map((ticket) => `${ticket.chat_id} ${ticket.subscriber_id}`));
    expect(pairs.size).toBe(6);
    const types = (await eventsOf(live.projectId)).map(({ type }) => type);
    expect(types.filter((type) => type === 'subscription.created')).toHaveLength(6);
  });

  it('keeps one chat’s subscriber of each channel, project and side apart', async () => {
    const { live, test } = await insertProject(db);
    const { live: other } = await insertProject(db);
    const { createTicket } = ticketsOn(db);
    const created = [
      await createTicket.execute(live, aCommand({ channel: 'telegram', chatId: 1 })),
      await createTicket.execute(live, aCommand({ channel: 'max', chatId: 1 })),
      await createTicket.execute(test, aCommand({ channel: 'telegram', chatId: 1 })),
      await createTicket.execute(other, aCommand({ channel: 'telegram', chatId: 1 })),
    ];
    expect(new Set(created.map((ticket) => ticket.subscriber_id)).size).toBe(4);
    expect(created.map((ticket) => ticket.ticket_number)).toEqual([1, 2, 1, 1]);
  });
});
