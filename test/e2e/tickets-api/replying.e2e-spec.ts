import { randomUUID } from 'node:crypto';
import { TICKET_STATUSES } from '#contracts';
import type { MessagePayload, TicketStatus } from '#contracts';
import { API } from '../../support/answers';
import type { AddedMessageBody, ErrorBody, TicketDetailsBody } from '../../support/answers';
import { readEvents } from '../../support/read-events';
import type { TestProject } from '../../support/test-project';
import { startTestService } from '../../support/test-service';
import type { TestService } from '../../support/test-service';

describe('POST /tickets/{id}/reply', () => {
  let service: TestService;
  let project: TestProject;

  beforeAll(async () => {
    service = await startTestService();
    project = await service.createProject();
  });
  afterAll(() => service.close());

  const send = (id: string, body: object, headers = {}) =>
    project.request<AddedMessageBody & ErrorBody>('POST', `${API}/tickets/${id}/reply`, { body, headers });
  const reply = async (id: string, body: object) => {
    const answer = await send(id, { text: 'Hello', ...body });
    expect(answer.status).toBe(201);
    return answer.body;
  };
  const inStatus = async (status: TicketStatus) => {
    const { id } = await project.createTicket();
    await project.request('PATCH', `${API}/tickets/${id}/status`, { body: { status } });
    return id;
  };

  it.each([
    ['new', 'waiting'],
    ['in_progress', 'waiting'],
    ['waiting', 'waiting'],
    ['closed', 'closed'],
  ] as const)('leaves a ticket that is %s %s', async (from, to) => {
    expect((await reply(await inStatus(from), {})).ticket.status).toBe(to);
  });

  it.each(TICKET_STATUSES)('sets the status %s in the same step', async (status) => {
    const { ticket } = await reply(await inStatus('in_progress'), { status });
    expect(ticket).toMatchObject({ status, version: 3 });
  });

  it('answers with the message, the ticket after it, and the ticket’s ETag', async () => {
    const { id } = await project.createTicket();
    const { status, body, headers } = await send(id, { text: 'Hello' });
    expect(status).toBe(201);
    expect(headers.get('etag')).toBe('"2"');
    const { ticket, ...message } = body;
    expect(message).toEqual({
      id: expect.any(String),
      ticket_id: id,
      author_type: 'agent',
      author_id: null,
      author_name: null,
      text: 'Hello',
      internal: false,
      attachments: [],
      delivery: { status: 'none', error: null, attempts: 0, sent_at: null },
      created_at: ticket.last_message_at,
      edited_at: null,
    });
    const { messages } = (await project.request<TicketDetailsBody>('GET', `${API}/tickets/${id}`)).body;
    expect(messages.at(-1)).toEqual(message);
  });

  it('queues what goes to a messenger', async () => {
    const { id } = await project.createTicket({ channel: 'telegram', chat_id: 7 });
    expect((await reply(id, {})).delivery).toEqual({ status: 'queued', error: null, attempts: 0, sent_at: null });
  });

  it('shows the agent that it names, and refuses who may not answer', async () => {
    const { id } = await project.createTicket();
    const agents = { support: await project.addMember(), viewer: await project.addMember({ role: 'viewer' }) };
    expect(await reply(id, { agent_id: agents.support })).toMatchObject({
      author_id: agents.support,
      author_name: 'Olga',
    });
    for (const agent_id of [agents.viewer, randomUUID()]) {
      const refused = await send(id, { text: 'Hello', agent_id });
      expect([refused.status, refused.body.details?.[0]]).toMatchObject([
        400,
        { field: 'agent_id', code: 'not_found' },
      ]);
    }
  });

  it('counts the use of a canned response, and refuses one that is not there', async () => {
    const { id } = await project.createTicket();
    const canned = await project.addCannedResponse();
    await reply(id, { canned_response_id: canned });
    await reply(id, { canned_response_id: canned, internal: true });
    const [row] = await service.db.sql('SELECT used_count FROM canned_response WHERE id = $1', [canned]);
    expect(row).toEqual({ used_count: 2 });
    const refused = await send(id, { text: 'Hello', canned_response_id: randomUUID() });
    expect([refused.status, refused.body.details?.[0]?.field]).toEqual([400, 'canned_response_id']);
  });

  it('sends nothing when the agent has not seen the customer’s newest message', async () => {
    const { id } = await project.createTicket();
    const first = await reply(id, { text: 'Which browser?' });
    const customer = `${API}/tickets/${id}/customer-reply`;
    const newer = (await project.request<MessagePayload>('POST', customer, { body: { text: 'Firefox' } })).body;
    const stale = await send(id, { text: 'Are you there?', if_last_message_id: first.id });
    expect(stale.status).toBe(409);
    expect(stale.body.code).toBe('newer_messages');
    expect(stale.body.messages?.map((message) => message.id)).toEqual([newer.id]);
    await reply(id, { text: 'a note does not count as newer', internal: true });
    expect((await send(id, { text: 'I see', if_last_message_id: newer.id })).status).toBe(201);
    const unknown = await send(id, { text: 'Hello', if_last_message_id: randomUUID() });
    expect([unknown.status, unknown.body.details?.[0]?.field]).toEqual([400, 'if_last_message_id']);
  });

  it('honours If-Match', async () => {
    const { id } = await project.createTicket();
    expect((await send(id, { text: 'Hello' }, { 'If-Match': '"1"' })).status).toBe(201);
    const stale = await send(id, { text: 'Hello' }, { 'If-Match': '"1"' });
    expect([stale.status, stale.body.code, stale.body.current?.version]).toEqual([412, 'version_mismatch', 2]);
  });

  it('refuses a mistyped `internal` instead of publishing the note', async () => {
    const { id } = await project.createTicket();
    const refused = await send(id, { text: 'secret', interal: true });
    expect(refused.status).toBe(400);
    expect(refused.body.details).toEqual([
      { field: 'interal', code: 'unknown_field', message: expect.stringContaining('internal') },
    ]);
    for (const internal of ['true', 1, null]) {
      expect((await send(id, { text: 'secret', internal })).status).toBe(400);
    }
    const { body } = await project.request<TicketDetailsBody>('GET', `${API}/tickets/${id}`);
    expect(body.messages).toHaveLength(1);
  });

  describe('with an internal note', () => {
    it('changes nothing that the customer or the reports see, on a ticket in any status', async () => {
      for (const status of TICKET_STATUSES) {
        const id = await inStatus(status);
        const before = (await project.request<TicketDetailsBody>('GET', `${API}/tickets/${id}`)).body;
        const { ticket } = await reply(id, { internal: true });
        const { messages: _messages, messages_next_cursor: _cursor, ...unchanged } = before;
        expect(ticket).toEqual({
          ...unchanged,
          note_count: 1,
          version: before.version + 1,
          updated_at: ticket.updated_at,
        });
      }
    });

    it('is never told of as a reply, whatever else happens in that step', async () => {
      const fresh = await service.createProject();
      const { id } = await fresh.createTicket({ channel: 'max', chat_id: 1 });
      const note = { text: 'top secret', internal: true };
      await fresh.request('POST', `${API}/tickets/${id}/reply`, { body: note });
      await fresh.request('POST', `${API}/tickets/${id}/reply`, { body: { ...note, status: 'closed' } });
      const events = await readEvents(fresh, 6);
      expect(events.map(({ event }) => event)).toEqual([
        'subscription.created',
        'ticket.created',
        'ticket.note_added',
        'ticket.note_added',
        'ticket.status_changed',
        'ticket.closed',
      ]);
      const told = events.filter(({ event }) => event !== 'ticket.note_added');
      expect(JSON.stringify(told)).not.toContain('top secret');
    });

    it('is queued for no messenger', async () => {
      const { id } = await project.createTicket({ channel: 'telegram', chat_id: 8 });
      expect((await reply(id, { internal: true })).delivery.status).toBe('none');
    });

    it('may carry the agent’s own change of status', async () => {
      const { ticket } = await reply(await inStatus('new'), { internal: true, status: 'in_progress' });
      expect(ticket).toMatchObject({ status: 'in_progress', first_reply_at: null, message_count: 1, note_count: 1 });
    });
  });
});
