import type { TicketPayload } from '#contracts';
import { API } from '../../support/answers';
import type { AddedMessageBody, ErrorBody, TicketDetailsBody, TicketListBody } from '../../support/answers';
import { readEvents } from '../../support/read-events';
import type { TestProject } from '../../support/test-project';
import { startTestService } from '../../support/test-service';
import type { TestService } from '../../support/test-service';

describe('POST /tickets/{id}/customer-reply', () => {
  let service: TestService;
  let project: TestProject;

  beforeAll(async () => {
    service = await startTestService();
  });
  beforeEach(async () => {
    project = await service.createProject();
  });
  afterAll(() => service.close());

  const send = (id: string, body: object = { text: 'Hello?' }, headers = {}) =>
    project.request<AddedMessageBody & ErrorBody>('POST', `${API}/tickets/${id}/customer-reply`, { body, headers });
  const setStatus = async (id: string, status: string) =>
    (await project.request<TicketPayload>('PATCH', `${API}/tickets/${id}/status`, { body: { status } })).body;
  const read = async (id: string) => (await project.request<TicketDetailsBody>('GET', `${API}/tickets/${id}`)).body;
  const aClosedTicket = async (fields = {}) => {
    const { id } = await project.createTicket({ first_name: 'Ivan', subject: 'Login', ...fields });
    return setStatus(id, 'closed');
  };

  it.each([
    ['new', 'new'],
    ['in_progress', 'in_progress'],
    ['waiting', 'in_progress'],
  ])('leaves a ticket that is %s %s', async (from, to) => {
    const { id } = await project.createTicket();
    await setStatus(id, from);
    const { status, body } = await send(id);
    expect([status, body.author_type, body.internal, body.ticket.status]).toEqual([201, 'customer', false, to]);
  });

  it('keeps the time of the oldest message that has no answer', async () => {
    const ticket = await project.createTicket();
    expect((await send(ticket.id)).body.ticket.waiting_since).toBe(ticket.created_at);
    await project.request('POST', `${API}/tickets/${ticket.id}/reply`, { body: { text: 'Yes?' } });
    const next = (await send(ticket.id)).body;
    expect(next.ticket.waiting_since).toBe(next.created_at);
  });

  it.each(['telegram', 'max'])('is not for a customer on %s', async (channel) => {
    const { id } = await project.createTicket({ channel, chat_id: 1 });
    const { status, body } = await send(id);
    expect([status, body.code]).toEqual([409, 'channel_mismatch']);
    expect((await read(id)).message_count).toBe(1);
  });

  it('honours If-Match', async () => {
    const { id } = await project.createTicket();
    expect((await send(id, { text: 'a' }, { 'If-Match': '"1"' })).status).toBe(201);
    expect((await send(id, { text: 'b' }, { 'If-Match': '"1"' })).status).toBe(412);
  });

  it('takes nothing but a text', async () => {
    const { id } = await project.createTicket();
    const refused = await send(id, { text: 'a', internal: true });
    expect([refused.status, refused.body.details?.[0]?.code]).toEqual([400, 'unknown_field']);
  });

  describe('on a closed ticket', () => {
    it('reopens it when the policy is `same`, however long ago it was closed', async () => {
      await project.changeSettings({ reopen_policy: 'same' });
      const ticket = await aClosedTicket();
      await service.db.sql(`UPDATE ticket SET closed_at = closed_at - interval '400 days' WHERE id = $1`, [ticket.id]);
      const { body } = await send(ticket.id);
      expect(body.ticket).toMatchObject({ id: ticket.id, status: 'in_progress', reopen_count: 1, closed_at: null });
    });

    it.each([
      ['71 hours and 59 minutes', true],
      ['72 hours and 1 minute', false],
    ])('within 72 hours reopens it by default: after %s %s', async (age, reopens) => {
      const ticket = await aClosedTicket();
      await service.db.sql(`UPDATE ticket SET closed_at = closed_at - $2::interval WHERE id = $1`, [
        ticket.id,
        age.replace(' and', ''),
      ]);
      expect((await send(ticket.id)).body.ticket.id === ticket.id).toBe(reopens);
    });

    it('opens a new one of the same customer when the policy is `new`', async () => {
      await project.changeSettings({ reopen_policy: 'new' });
      const closed = await aClosedTicket({ external_id: 'c-1', ticket_type_id: await project.addTicketType() });
      const { status, body } = await send(closed.id, { text: 'Again' });
      expect(status).toBe(201);
      expect(body.ticket).toMatchObject({
        ticket_number: 2,
        status: 'new',
        subject: 'Login',
        first_name: 'Ivan',
        subscriber_id: closed.subscriber_id,
        ticket_type_id: closed.ticket_type_id,
        message_count: 1,
        version: 1,
      });
      expect(body.ticket_id).toBe(body.ticket.id);
      const { messages: _messages, messages_next_cursor: _cursor, ...unchanged } = await read(closed.id);
      expect(unchanged).toEqual(closed);
      const events = await readEvents(project, 5);
      expect(events.slice(-1)[0]).toMatchObject({
        event: 'ticket.created',
        sequence: 1,
        data: { message: { text: 'Again' }, actor: { type: 'customer', name: 'Ivan' } },
      });
    });

    it('goes on in the new one with what the customer writes to the old one later', async () => {
      await project.changeSettings({ reopen_policy: 'new' });
      const closed = await aClosedTicket();
      const next = (await send(closed.id)).body.ticket;
      expect((await send(closed.id)).body.ticket).toMatchObject({ id: next.id, message_count: 2 });
      await setStatus(next.id, 'closed');
      const third = (await send(closed.id)).body.ticket;
      expect(third.ticket_number).toBe(3);
      expect((await send(next.id)).body.ticket.id).toBe(third.id);
    });

    it('stays with the old one once an agent has reopened it', async () => {
      await project.changeSettings({ reopen_policy: 'new' });
      const closed = await aClosedTicket();
      await send(closed.id);
      expect(await setStatus(closed.id, 'in_progress')).toMatchObject({ waiting_since: null, reopen_count: 1 });
      expect((await send(closed.id)).body.ticket.id).toBe(closed.id);
    });

    it('opens one new ticket, not several, for messages that come at once', async () => {
      await project.changeSettings({ reopen_policy: 'new' });
      const closed = await aClosedTicket();
      const answers = await Promise.all(Array.from({ length: 10 }, (_, n) => send(closed.id, { text: `${n}` })));
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 201));
      expect(new Set(answers.map(({ body }) => body.ticket.id)).size).toBe(1);
      const { body } = await project.request<TicketListBody>('GET', `${API}/tickets`);
      expect(body.tickets.map(({ message_count }) => message_count)).toEqual([10, 1]);
    });

    it('reopens it once for messages that come at once', async () => {
      const closed = await aClosedTicket();
      await Promise.all(Array.from({ length: 10 }, () => send(closed.id)));
      expect(await read(closed.id)).toMatchObject({ reopen_count: 1, message_count: 11, status: 'in_progress' });
    });
  });
});
