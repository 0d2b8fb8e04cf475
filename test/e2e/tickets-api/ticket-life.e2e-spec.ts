import type { HelpdeskClient } from '#api-client';
import { readEvents } from '../../support/read-events';
import type { TestProject } from '../../support/test-project';
import { startTestService } from '../../support/test-service';
import type { TestService } from '../../support/test-service';

/** What an answer of the typed client says when it is a success. */
function dataOf<Data>({ data, error }: { readonly data?: Data; readonly error?: unknown }): Data {
  if (data === undefined) {
    throw new Error(`An error was answered: ${JSON.stringify(error)}`);
  }
  return data;
}

const open = async (client: HelpdeskClient, body: { readonly text: string; readonly [field: string]: string }) =>
  dataOf(await client.POST('/v1/helpdesk/tickets', { body }));

describe('a ticket from its opening to its last close', () => {
  let service: TestService;
  let project: TestProject;
  let agent: string;
  let client: HelpdeskClient;
  let ticket: Awaited<ReturnType<typeof open>>;

  beforeAll(async () => {
    service = await startTestService();
    project = await service.createProject();
    client = project.client();
    agent = await project.addMember({ name: 'Olga' });
  });
  afterAll(() => service.close());

  const params = () => ({ path: { id: ticket.id } });

  it('is opened by a customer, with everything that the customer said of itself', async () => {
    const type = await project.addTicketType({ name: 'Bug' });
    ticket = await open(client, {
      text: 'Verification code not arriving',
      subject: 'Login issue',
      first_name: 'John',
      username: '@ivan_p',
      ticket_type_id: type,
    });
    expect(ticket).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
      ticket_number: 1,
      subject: 'Login issue',
      status: 'new',
      priority: 'normal',
      channel: 'virtual',
      source: 'api',
      ticket_type_id: type,
      ticket_type_name: 'Bug',
      assigned_to: null,
      tags: [],
      subscriber_id: null,
      chat_id: null,
      first_name: 'John',
      username: 'ivan_p',
      first_reply_at: null,
      closed_at: null,
      time_to_first_response_seconds: null,
      time_to_resolve_seconds: null,
      waiting_since: ticket.created_at,
      last_message_at: ticket.created_at,
      last_message_from: 'customer',
      reopen_count: 0,
      csat_rating: null,
      csat_comment: null,
      csat_status: 'none',
      sla: { first_reply: { due_at: null, status: 'none' }, resolve: { due_at: null, status: 'none' } },
      message_count: 1,
      note_count: 0,
      is_test: false,
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      updated_at: ticket.created_at,
      version: 1,
    });
  });

  it('is assigned and ranked without its status changing', async () => {
    const assigned = await client.PATCH('/v1/helpdesk/tickets/{id}/assign', {
      params: params(),
      body: { assigned_to: agent },
    });
    expect(assigned.data).toMatchObject({
      assigned_to: agent,
      status: 'new',
      version: 2,
    });
    const ranked = await client.PATCH('/v1/helpdesk/tickets/{id}/priority', {
      params: params(),
      body: { priority: 'high' },
    });
    expect(ranked.data).toMatchObject({
      priority: 'high',
      status: 'new',
      version: 3,
    });
    const tagged = await client.PATCH('/v1/helpdesk/tickets/{id}', {
      params: params(),
      body: { tags: ['sms', 'vip'] },
    });
    expect(tagged.data).toMatchObject({
      tags: ['sms', 'vip'],
      status: 'new',
      version: 4,
    });
  });

  it('is discussed in a note, which the customer’s side of the ticket knows nothing of', async () => {
    const note = dataOf(
      await client.POST('/v1/helpdesk/tickets/{id}/reply', {
        params: params(),
        body: { text: 'SMS provider is slow today', internal: true, agent_id: agent },
      }),
    );
    expect(note).toMatchObject({
      internal: true,
      author_type: 'agent',
      author_name: 'Olga',
      delivery: { status: 'none' },
    });
    expect(note.ticket).toMatchObject({
      status: 'new',
      note_count: 1,
      message_count: 1,
      first_reply_at: null,
      waiting_since: ticket.created_at,
      last_message_from: 'customer',
      version: 5,
    });
  });

  it('is answered, and then it is the customer’s turn', async () => {
    const reply = dataOf(
      await client.POST('/v1/helpdesk/tickets/{id}/reply', {
        params: params(),
        body: { text: 'We have sent it again', agent_id: agent },
      }),
    );
    expect(reply).toMatchObject({ author_type: 'agent', author_id: agent, author_name: 'Olga', internal: false });
    expect(reply.ticket).toMatchObject({
      status: 'waiting',
      first_reply_at: reply.created_at,
      waiting_since: null,
      last_message_from: 'agent',
      last_message_at: reply.created_at,
      message_count: 2,
      version: 6,
    });
    const seconds = Math.floor((Date.parse(reply.created_at) - Date.parse(ticket.created_at)) / 1000);
    expect(reply.ticket.time_to_first_response_seconds).toBe(seconds);
  });

  it('is taken up again when the customer answers', async () => {
    const message = dataOf(
      await client.POST('/v1/helpdesk/tickets/{id}/customer-reply', {
        params: params(),
        body: { text: 'Still nothing' },
      }),
    );
    expect(message).toMatchObject({ author_type: 'customer', author_name: 'John' });
    expect(message.ticket).toMatchObject({
      status: 'in_progress',
      waiting_since: message.created_at,
      message_count: 3,
    });
  });

  it('is answered and closed in one step', async () => {
    const reply = dataOf(
      await client.POST('/v1/helpdesk/tickets/{id}/reply', {
        params: params(),
        body: { text: 'Fixed now', status: 'closed' },
      }),
    );
    expect(reply.ticket).toMatchObject({
      status: 'closed',
      closed_at: reply.created_at,
      waiting_since: null,
      version: 8,
    });
    const seconds = Math.floor((Date.parse(reply.created_at) - Date.parse(ticket.created_at)) / 1000);
    expect(reply.ticket.time_to_resolve_seconds).toBe(seconds);
  });

  it('is opened again by the customer’s next message, and closed for good', async () => {
    const message = dataOf(
      await client.POST('/v1/helpdesk/tickets/{id}/customer-reply', {
        params: params(),
        body: { text: 'It broke again' },
      }),
    );
    expect(message.ticket).toMatchObject({
      id: ticket.id,
      status: 'in_progress',
      closed_at: null,
      time_to_resolve_seconds: null,
      reopen_count: 1,
      waiting_since: message.created_at,
    });
    const closed = await client.PATCH('/v1/helpdesk/tickets/{id}/status', {
      params: params(),
      body: { status: 'closed' },
    });
    expect(closed.data).toMatchObject({
      status: 'closed',
      reopen_count: 1,
      version: 10,
    });
  });

  it('shows its whole conversation, oldest first', async () => {
    const answer = await client.GET('/v1/helpdesk/tickets/{id}', { params: params() });
    expect(answer.response.headers.get('etag')).toBe('"10"');
    const details = dataOf(answer);
    expect(details.messages.map(({ text, internal }) => [text, internal])).toEqual([
      ['Verification code not arriving', false],
      ['SMS provider is slow today', true],
      ['We have sent it again', false],
      ['Still nothing', false],
      ['Fixed now', false],
      ['It broke again', false],
    ]);
    expect(details).toMatchObject({ message_count: 5, note_count: 1, messages_next_cursor: null });
  });

  it('has a line of history for every change: by whom, what it was and what it is', async () => {
    const { history } = dataOf(await client.GET('/v1/helpdesk/tickets/{id}/history', { params: params() }));
    expect(history.map(({ actor, action, field, from, to }) => [actor.type, action, field, from, to])).toEqual([
      ['key', 'created', null, null, { ticket_number: 1, message_id: expect.any(String) }],
      ['key', 'assigned', 'assigned_to', null, agent],
      ['key', 'priority_changed', 'priority', 'normal', 'high'],
      ['key', 'tags_changed', 'tags', [], ['sms', 'vip']],
      ['key', 'note_added', null, null, { message_id: expect.any(String) }],
      ['key', 'replied', null, null, { message_id: expect.any(String) }],
      ['key', 'status_changed', 'status', 'new', 'waiting'],
      ['customer', 'replied', null, null, { message_id: expect.any(String) }],
      ['customer', 'status_changed', 'status', 'waiting', 'in_progress'],
      ['key', 'replied', null, null, { message_id: expect.any(String) }],
      ['key', 'status_changed', 'status', 'in_progress', 'closed'],
      ['customer', 'replied', null, null, { message_id: expect.any(String) }],
      ['customer', 'status_changed', 'status', 'closed', 'in_progress'],
      ['key', 'status_changed', 'status', 'in_progress', 'closed'],
    ]);
    expect(history[0]?.actor).toEqual({
      type: 'key',
      id: expect.any(String),
      name: project.liveKey.slice(0, 12),
    });
  });

  it('has told of everything in order, each event with the ticket as it was then', async () => {
    const events = await readEvents(project, 17);
    expect(events.map(({ sequence, event, data }) => [sequence, event, data.ticket?.version])).toEqual([
      [1, 'ticket.created', 1],
      [2, 'ticket.assigned', 2],
      [3, 'ticket.priority_changed', 3],
      [4, 'ticket.tags_changed', 4],
      [5, 'ticket.note_added', 5],
      [6, 'ticket.replied', 6],
      [7, 'ticket.status_changed', 6],
      [8, 'ticket.replied', 7],
      [9, 'ticket.status_changed', 7],
      [10, 'ticket.replied', 8],
      [11, 'ticket.status_changed', 8],
      [12, 'ticket.closed', 8],
      [13, 'ticket.replied', 9],
      [14, 'ticket.status_changed', 9],
      [15, 'ticket.reopened', 9],
      [16, 'ticket.status_changed', 10],
      [17, 'ticket.closed', 10],
    ]);
    expect(events[0]?.data).toMatchObject({ ticket, message: { text: 'Verification code not arriving' } });
  });
});
