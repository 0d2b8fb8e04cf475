import type { ProjectScope } from '#database';
import { Clock } from '#platform';
import { HelpdeskSettingsQuery, TicketTypeQuery } from '#settings';
import { createTestDatabase, insertProject } from '#testing';
import type { TestDatabase } from '#testing';
import { ChangeTicket } from '../change-ticket/change-ticket';
import { aCommand, ticketsOn } from '../tickets-under-test-spec';
import { UpdateTicket } from '../update-ticket/update-ticket.use-case';

const AGENT = { authorType: 'agent', authorId: null, authorName: null, deliveryStatus: 'none' } as const;

const longText = (n: number) =>
  Array.from({ length: 500 }, (_, word) => `слово${n}x${word}`.padEnd(7, 'я'))
    .join('-')
    .slice(0, 4000);

const idsOf = (tickets: string) => (JSON.parse(`[${tickets}]`) as Array<{ id: string }>).map(({ id }) => id);

describe('the search of tickets', () => {
  let db: TestDatabase;
  let scope: ProjectScope;
  let desk: ReturnType<typeof ticketsOn>;
  let changeTicket: ChangeTicket;

  beforeAll(async () => {
    db = await createTestDatabase();
    desk = ticketsOn(db);
    changeTicket = new ChangeTicket(desk.uow, desk.tickets, new HelpdeskSettingsQuery(), new Clock());
  });
  beforeEach(async () => {
    scope = (await insertProject(db)).live;
  });
  afterAll(() => db.drop());

  const open = async (text: string, subject: string | null = null) =>
    (await desk.createTicket.execute(scope, aCommand({ text, subject }))).id;
  const say = (ticketId: string, text: string, internal = false) =>
    changeTicket.execute(scope, { ticketId, actor: aCommand().actor }, ({ revision }) =>
      internal ? revision.addNote({ ...AGENT, text }) : revision.reply({ ...AGENT, text }),
    );
  const retitle = (ticketId: string, subject: string | null) =>
    new UpdateTicket(changeTicket, new TicketTypeQuery()).execute(scope, {
      ticketId,
      actor: aCommand().actor,
      subject,
    });
  const find = async (words: string, within = scope) => {
    const request = { filter: { words }, sort: 'created_at', limit: 100, offset: 0 } as const;
    const { tickets, total } = await desk.findTickets.execute(within, request);
    const ids = idsOf(tickets);
    expect(total).toBe(ids.length);
    return ids;
  };

  const paymentsFrom = async (offset: number) => {
    const request = { filter: { words: 'оплаты' }, sort: 'created_at', limit: 2, offset } as const;
    const { tickets, total, nextKeys } = await desk.findTickets.execute(scope, request);
    return { ids: idsOf(tickets), total, more: nextKeys !== undefined };
  };

  it.each([
    ['оплату', 'оплата не прошла'],
    ['ОПЛАТЫ', 'Оплата не прошла'],
    ['login', 'Logins fail'],
    ['failing', 'Logins fail'],
    ['ещё', 'еще раз'],
    ['еще', 'Ещё раз'],
    ['ёлка', 'ЕЛКИ'],
    ['заказы iphone', 'Мой заказ: два iPhone'],
    ['й', '\u0438\u0306'],
    ['not', 'It does not work'],
    ['не', 'не работает'],
    ['password', 'login/password is wrong'],
    ['please', 'It failed.Please help'],
    ['timeout', 'error <timeout> again'],
    ['ivan@example.com', 'write to ivan@example.com'],
    ['example', 'write to ivan@example.com'],
    ['42', 'order #42'],
    ['+7 999 123', 'tel. +7-999-123'],
    ["don't", "I don't know"],
    ['Größe', 'die größe stimmt nicht'],
  ])('by %j finds %j', async (words, text) => {
    const found = await open(text);
    await open('совсем другое: something else entirely');
    expect(await find(words)).toEqual([found]);
  });

  it('wants every word, wherever in the ticket each of them stands', async () => {
    const ticket = await open('Код не приходит', 'Login issue');
    await open('Login issue');
    await say(ticket, 'Попробуйте сбросить пароль');
    expect(await find('пароль login код')).toEqual([ticket]);
    expect(await find('пароль login счёт')).toEqual([]);
  });

  it('pages and counts what it finds, behind the last page too', async () => {
    const opened = [await open('оплата раз'), await open('оплата два'), await open('оплата три')];
    await open('что-то ещё');
    expect(await paymentsFrom(0)).toEqual({ ids: opened.slice(0, 2), total: 3, more: true });
    expect(await paymentsFrom(2)).toEqual({ ids: opened.slice(2), total: 3, more: false });
    expect(await paymentsFrom(3)).toEqual({ ids: [], total: 3, more: false });
  });

  it('looks into notes, and forgets the words of a former subject but of no message', async () => {
    const ticket = await open('Does not start', 'Printer');
    await say(ticket, 'escalated to hardware team', true);
    await say(ticket, 'Please restart it');
    await retitle(ticket, 'Scanner');
    expect(await find('printer')).toEqual([]);
    for (const words of ['scanner', 'start', 'hardware', 'restarted']) {
      expect([words, await find(words)]).toEqual([words, [ticket]]);
    }
    await retitle(ticket, null);
    expect(await find('scanner')).toEqual([]);
    expect(await find('hardware')).toEqual([ticket]);
  });

  it('never finds the tickets of another project or of the other side', async () => {
    const sides = await insertProject(db);
    const { live: other } = await insertProject(db);
    for (const side of [sides.live, sides.test, other]) {
      await desk.createTicket.execute(side, aCommand({ text: 'the very same words' }));
    }
    const found = await Promise.all([sides.live, sides.test, other].map((side) => find('very same', side)));
    expect(found.map((ids) => ids.length)).toEqual([1, 1, 1]);
    expect(new Set(found.flat()).size).toBe(3);
    expect(await find('project')).toEqual([]);
    expect(await find(`project:${other.projectId}`, sides.live)).toEqual([]);
  });

  it.each(['!!!', '—', "' OR 1=1 --", 'a & b | !c:*', '\\', '%', '😀'])(
    'takes %j for words, not for a query',
    async (words) => {
      await open('nothing of the kind');
      expect(await find(words)).toEqual([]);
    },
  );

  it('goes on with a ticket of many long messages of different words', async () => {
    const ticket = await open('beginning');
    for (let n = 0; n < 60; n++) {
      await say(ticket, longText(n));
    }
    expect(await find('слово0x0 слово59x1')).toEqual([ticket]);
    await retitle(ticket, 'Новая тема');
    expect(await find('тема слово59x1')).toEqual([ticket]);
  });
});
