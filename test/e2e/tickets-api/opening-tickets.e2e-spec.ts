import { randomUUID } from 'node:crypto';
import type { SubscriberPayload, TicketPayload } from '#contracts';
import { API } from '../../support/answers';
import type { ErrorBody } from '../../support/answers';
import { readEvents } from '../../support/read-events';
import type { TestProject } from '../../support/test-project';
import { startTestService } from '../../support/test-service';
import type { TestService } from '../../support/test-service';

describe('POST /tickets', () => {
  let service: TestService;
  let project: TestProject;

  beforeAll(async () => {
    service = await startTestService();
    project = await service.createProject();
  });
  afterAll(() => service.close());

  const open = (body: unknown) => project.request<TicketPayload & ErrorBody>('POST', `${API}/tickets`, { body });
  const firstFault = async (body: object) => {
    const answer = await open({ text: 'Help', ...body });
    expect(answer.status).toBe(400);
    const [detail] = answer.body.details ?? [];
    return [answer.body.code, detail?.field, detail?.code];
  };

  it('needs nothing but a text: the customer is a nameless virtual one, and no subscriber', async () => {
    const { status, body, headers } = await open({ text: 'Help' });
    expect(status).toBe(201);
    expect(headers.get('etag')).toBe('"1"');
    expect(body).toMatchObject({
      channel: 'virtual',
      subscriber_id: null,
      chat_id: null,
      status: 'new',
      priority: 'normal',
    });
  });

  it('subscribes a messenger’s chat once, and finds it again', async () => {
    const fresh = await service.createProject();
    const first = await fresh.createTicket({
      channel: 'telegram',
      chat_id: 4242,
      first_name: 'Ivan',
      username: '@ivan',
    });
    const second = await fresh.createTicket({ channel: 'telegram', chat_id: 4242, username: 'ivan_p' });
    expect(first).toMatchObject({ chat_id: 4242, username: 'ivan', subscriber_id: expect.any(String) });
    expect(second.subscriber_id).toBe(first.subscriber_id);
    const events = await readEvents(fresh, 3);
    expect(events.map(({ event, sequence }) => [event, sequence])).toEqual([
      ['subscription.created', 1],
      ['ticket.created', 1],
      ['ticket.created', 1],
    ]);
    const { body } = await fresh.request<SubscriberPayload>('GET', `${API}/subscribers/${first.subscriber_id}`);
    expect(body).toMatchObject({ channel: 'telegram', chat_id: 4242, first_name: 'Ivan', username: 'ivan_p' });
  });

  it('subscribes a virtual customer by the integrator’s own id', async () => {
    const first = await project.createTicket({ external_id: 'customer-1' });
    const second = await project.createTicket({ external_id: 'customer-1' });
    expect(first.subscriber_id).toEqual(expect.any(String));
    expect(second.subscriber_id).toBe(first.subscriber_id);
  });

  it.each([-(2 ** 53 - 1), -1_001_234_567_890, 1, 2 ** 53 - 1])('takes the chat %p', async (chat_id) => {
    expect(await project.createTicket({ channel: 'max', chat_id })).toMatchObject({ chat_id });
  });

  it.each([
    ['a zero', 0, 'format'],
    ['too large a number', 2 ** 53, 'max'],
    ['a fraction', 1.5, 'type'],
    ['a text', '42', 'type'],
  ])('refuses %s as a chat', async (_name, chat_id, code) => {
    expect(await firstFault({ channel: 'telegram', chat_id })).toEqual(['validation_failed', 'chat_id', code]);
  });

  it.each([
    [{ channel: 'telegram' }, 'chat_id', 'required'],
    [{ channel: 'max', chat_id: null }, 'chat_id', 'required'],
    [{ channel: 'virtual', chat_id: 5 }, 'chat_id', 'unknown_field'],
    [{ chat_id: 5 }, 'chat_id', 'unknown_field'],
    [{ channel: 'telegram', chat_id: 5, external_id: 'x' }, 'external_id', 'unknown_field'],
    [{ channel: 'sms' }, 'channel', 'enum'],
    [{ subject: 'x'.repeat(201) }, 'subject', 'max'],
    [{ subject: 'two\nlines' }, 'subject', 'forbidden_characters'],
    [{ subject: 'a\u0085b' }, 'subject', 'forbidden_characters'],
    [{ first_name: 'x'.repeat(129) }, 'first_name', 'max'],
    [{ username: 'a\tb' }, 'username', 'forbidden_characters'],
    [{ external_id: 'x'.repeat(129) }, 'external_id', 'max'],
    [{ ticket_type_id: 'not-a-uuid' }, 'ticket_type_id', 'format'],
    [{ ticket_type_id: '' }, 'ticket_type_id', 'format'],
    [{ ticket_type_id: randomUUID() }, 'ticket_type_id', 'not_found'],
    [{ tags: ['vip'] }, 'tags', 'unknown_field'],
    [{ status: 'closed' }, 'status', 'unknown_field'],
  ])('refuses %j', async (body, field, code) => {
    expect(await firstFault(body)).toEqual(['validation_failed', field, code]);
  });

  it('says which field a mistyped one probably means', async () => {
    const { body } = await open({ text: 'Help', chanel: 'telegram' });
    expect(body.details).toEqual([
      { field: 'chanel', code: 'unknown_field', message: expect.stringContaining('channel') },
    ]);
  });

  it('refuses a disabled type, and another project’s', async () => {
    const other = await service.createProject();
    const ids = [await project.addTicketType({ enabled: false }), await other.addTicketType()];
    for (const ticket_type_id of ids) {
      expect(await firstFault({ ticket_type_id })).toEqual(['validation_failed', 'ticket_type_id', 'not_found']);
    }
  });

  it.each([
    ['4,000 letters', 'ы'.repeat(4000)],
    ['2,000 emoji, which count twice', '😀'.repeat(2000)],
    ['line breaks, right-to-left script, combining marks and quotes', 'שלום\r\n\tе\u0301 "x" \\ \u200d👩‍👧'],
    ['white space around it', '  padded  '],
  ])('keeps a text of %s as it is given', async (_name, text) => {
    const { id } = await project.createTicket({ text });
    const { body } = await project.request<{ messages: Array<{ text: string }> }>('GET', `${API}/tickets/${id}`);
    expect(body.messages[0]?.text).toBe(text);
  });

  it.each([
    ['4,001 letters', 'ы'.repeat(4001), 'max'],
    ['2,001 emoji', '😀'.repeat(2001), 'max'],
    ['nothing', '', 'required'],
    ['white space', ' \n\t\u00a0\u3000', 'required'],
    ['null', null, 'required'],
    ['a number', 5, 'type'],
    ['a NUL character', 'a\0b', 'forbidden_characters'],
    ['half a surrogate pair', 'a\ud800b', 'forbidden_characters'],
  ])('refuses a text of %s', async (_name, text, code) => {
    expect(await firstFault({ text })).toEqual(['validation_failed', 'text', code]);
  });

  it('takes blank optional texts for nothing', async () => {
    const ticket = await project.createTicket({ subject: ' ', first_name: '', username: '@', external_id: '\u2003' });
    expect(ticket).toMatchObject({ subject: null, first_name: null, username: null, subscriber_id: null });
  });

  it('names every faulty field at once', async () => {
    const { body } = await open({ text: '', channel: 'fax', subject: 'x'.repeat(300), nonsense: 1 });
    expect(body.details?.map(({ field }) => field).toSorted()).toEqual(['channel', 'nonsense', 'subject', 'text']);
  });
});
