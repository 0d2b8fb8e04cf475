import { randomUUID } from 'node:crypto';
import { IssueKey } from '#projects';
import { API } from '../../support/answers';
import type { ErrorBody, PageBody } from '../../support/answers';
import type { TestProject } from '../../support/test-project';
import { startTestService } from '../../support/test-service';
import type { TestService } from '../../support/test-service';

interface CannedResponse {
  readonly id: string;
  readonly title: string;
  readonly text: string;
  readonly shortcut: string | null;
  readonly used_count: number;
}

type List = PageBody & { readonly canned_responses: readonly CannedResponse[] };

const RESPONSES = `${API}/canned-responses`;

describe('canned responses', () => {
  let service: TestService;
  let project: TestProject;

  beforeAll(async () => {
    service = await startTestService();
  });
  beforeEach(async () => {
    project = await service.createProject({ name: 'Shop' });
  });
  afterAll(() => service.close());

  const create = async (body: object, headers = {}) =>
    project.request<CannedResponse & ErrorBody>('POST', RESPONSES, { body, headers });
  const made = async (body: object): Promise<CannedResponse> => {
    const answer = await create({ title: 'Greeting', text: 'Hello', ...body });
    expect(answer.status).toBe(201);
    return answer.body;
  };
  const change = async (id: string, body: object) =>
    project.request<CannedResponse & ErrorBody>('PUT', `${RESPONSES}/${id}`, { body });
  const remove = async (id: string) => project.request('DELETE', `${RESPONSES}/${id}`);
  const list = async (query = '', key = project.liveKey): Promise<List> =>
    (await project.request<List>('GET', RESPONSES + query, { key })).body;
  const render = async (id: string, ticketId: string, key = project.liveKey) =>
    project.request<{ text: string } & ErrorBody>('POST', `${RESPONSES}/${id}/render`, {
      key,
      body: { ticket_id: ticketId },
    });

  it.each(['agent', 'config:read'])(
    'are there for keys of %s, to list and to render and for nothing else',
    async (scope) => {
      const { key } = await service.service.app
        .get(IssueKey, { strict: false })
        .execute({ slug: project.slug, side: 'live', scopes: [scope] });
      const { id } = await made({ text: 'Ticket {{ticket_number}}' });
      const type = await project.addTicketType();
      const ticket = await project.createTicket();
      expect((await list('', key)).canned_responses.map((one) => one.id)).toEqual([id]);
      expect((await render(id, ticket.id, key)).body.text).toBe('Ticket 1');
      const types = await project.request<{ ticket_types: { id: string }[] }>('GET', `${API}/ticket-types`, { key });
      expect(types.body.ticket_types.map((one) => one.id)).toEqual([type]);
      const refused = await project.request<ErrorBody>('PUT', `${RESPONSES}/${id}`, { key, body: { text: 'x' } });
      expect([refused.status, refused.body.code]).toEqual([403, 'insufficient_scope']);
      const all = await project.request('GET', `${API}/ticket-types/config`, { key });
      expect(all.status).toBe(scope === 'config:read' ? 200 : 403);
    },
  );

  it('are made, listed by title, changed and deleted, each with its line of history', async () => {
    const bye = await made({ title: 'bye', text: 'Bye,\n{{first_name}}', shortcut: 'bye' });
    const hello = await made({ title: 'Hello' });
    expect(bye).toEqual({
      id: bye.id,
      title: 'bye',
      text: 'Bye,\n{{first_name}}',
      shortcut: 'bye',
      used_count: 0,
      created_at: expect.any(String),
      updated_at: expect.any(String),
    });
    expect(await list()).toEqual({ canned_responses: [bye, hello], total: 2, limit: 50, offset: 0, next_cursor: null });
    expect(await list('', project.testKey)).toEqual(await list());
    const { body } = await change(bye.id, { shortcut: null, title: 'Zebra' });
    expect(body).toEqual({ ...bye, title: 'Zebra', shortcut: null, updated_at: expect.any(String) });
    expect((await list('?limit=1')).canned_responses).toEqual([hello]);
    expect((await remove(hello.id)).status).toBe(204);
    expect((await remove(hello.id)).body).toMatchObject({ code: 'canned_response_not_found' });
    const { body: history } = await project.request<{ history: Record<string, unknown>[] }>(
      'GET',
      `${API}/config-history?object_type=canned_response`,
    );
    expect(history.history.map(({ action, field, object_id }) => [action, field, object_id])).toEqual([
      ['deleted', null, hello.id],
      ['updated', 'shortcut', bye.id],
      ['updated', 'title', bye.id],
      ['created', null, hello.id],
      ['created', null, bye.id],
    ]);
    expect(history.history[4]).toMatchObject({
      from: null,
      to: { title: 'bye', text: 'Bye,\n{{first_name}}', shortcut: 'bye' },
    });
  });

  it('come in pages', async () => {
    for (const title of ['e', 'A', 'c', 'B', 'd']) {
      await made({ title });
    }
    const first = await list('?limit=2');
    const second = await list(`?limit=2&cursor=${first.next_cursor}`);
    const third = await list(`?limit=2&cursor=${second.next_cursor}`);
    expect([first, second, third].map((page) => page.canned_responses.map(({ title }) => title))).toEqual([
      ['A', 'B'],
      ['c', 'd'],
      ['e'],
    ]);
    expect([first.total, second.total, third.next_cursor]).toEqual([5, undefined, null]);
  });

  it.each([
    [{ title: ' ' }, 'title'],
    [{ title: 'x'.repeat(101) }, 'title'],
    [{ text: '\n' }, 'text'],
    [{ text: 'x'.repeat(4001) }, 'text'],
    [{ text: 'Hello {{frist_name}}' }, 'text'],
    [{ shortcut: 'Bye' }, 'shortcut'],
    [{ shortcut: 'b ye' }, 'shortcut'],
    [{ shortcut: 'x'.repeat(33) }, 'shortcut'],
    [{ used_count: 5 }, 'used_count'],
  ])('refuse %j', async (wrong, field) => {
    const { id } = await made({});
    for (const answer of [await create({ title: 'A', text: 'B', ...wrong }), await change(id, wrong)]) {
      expect([answer.status, answer.body.details]).toEqual([400, [expect.objectContaining({ field })]]);
    }
    expect((await list()).total).toBe(1);
  });

  it('name the variable that is meant', async () => {
    const { body } = await create({ title: 'A', text: 'Hello {{frist_name}}' });
    expect(body.error).toBe('There is no variable {{frist_name}}. Did you mean {{first_name}}?');
  });

  it('have a shortcut once, until it is cleared or deleted', async () => {
    const bye = await made({ shortcut: 'bye' });
    const other = await made({ shortcut: 'other' });
    for (const refused of [
      await create({ title: 'A', text: 'B', shortcut: 'bye' }),
      await change(other.id, { shortcut: 'bye' }),
    ]) {
      // prettier-ignore
      expect([refused.status, refused.body.code]).toEqual([409, 'conflict']);
    }
    expect((await change(bye.id, { shortcut: 'bye', title: 'Bye' })).status).toBe(200);
    await change(bye.id, { shortcut: '' });
    expect((await change(other.id, { shortcut: 'bye' })).status).toBe(200);
    await remove(other.id);
    await made({ shortcut: 'bye' });
    await made({ shortcut: null });
    await made({ shortcut: null });
  });

  it('with one shortcut that are made at once are one, and the others hear of it', async () => {
    const answers = await Promise.all(
      [1, 2, 3, 4].map((n) => create({ title: `Bye ${n}`, text: 'Bye', shortcut: 'bye' })),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409, 409, 409]);
    expect((await list()).total).toBe(1);
  });

  it('keep changes of different fields that come at once', async () => {
    const { id } = await made({});
    await Promise.all(
      [{ title: 'New' }, { text: 'New {{subject}}' }, { shortcut: 'new' }].map((one) => change(id, one)),
    );
    expect((await list()).canned_responses).toEqual([
      expect.objectContaining({ title: 'New', text: 'New {{subject}}', shortcut: 'new' }),
    ]);
  });

  it('are at most 500', async () => {
    await service.db.sql(
      `INSERT INTO canned_response (project_id, id, title, text, created_at, updated_at)
       SELECT $1, gen_random_uuid(), 'Title ' || n, 'Text', now(), now() FROM generate_series(1, 499) n`,
      [project.projectId],
    );
    const answers = await Promise.all(['a', 'b', 'c'].map((title) => create({ title, text: 'B' })));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409, 409]);
  });

  it('count the replies that name them, on the live side, beside their changes', async () => {
    const { id } = await made({});
    const live = await project.createTicket();
    const test = await project.createTicket({}, project.testKey);
    const reply = (ticketId: string, key: string) =>
      project.request('POST', `${API}/tickets/${ticketId}/reply`, {
        key,
        body: { text: 'Hi', canned_response_id: id },
      });
    await Promise.all([
      ...[1, 2, 3].map(() => reply(live.id, project.liveKey)),
      reply(test.id, project.testKey),
      ...[1, 2, 3].map((n) => change(id, { title: `Title ${n}` })),
    ]);
    expect((await list()).canned_responses).toEqual([expect.objectContaining({ id, used_count: 3 })]);
  });

  describe('rendered for a ticket', () => {
    const ALL = '{{first_name}}|{{ username }}|{{ticket_number}}|{{subject}}|{{agent_name}}|{{project_name}}';

    it('say what the ticket knows, and nothing where it knows nothing', async () => {
      const { id } = await made({ text: ALL });
      const agent = await project.addMember({ name: 'Olga' });
      const full = await project.createTicket({ subject: 'Login', first_name: '{{agent_name}}', username: '@ivan' });
      await project.request('PATCH', `${API}/tickets/${full.id}/assign`, { body: { assigned_to: agent } });
      const bare = await project.createTicket();
      const answer = await render(id, full.id);
      expect([answer.status, answer.body]).toEqual([200, { text: '{{agent_name}}|ivan|1|Login|Olga|Shop' }]);
      expect((await render(id, bare.id)).body).toEqual({ text: '||2|||Shop' });
      expect((await list()).canned_responses[0]?.used_count).toBe(0);
    });

    it('take the tickets of the key’s own side alone', async () => {
      const { id } = await made({ text: ALL });
      const live = await project.createTicket();
      const test = await project.createTicket({ first_name: 'Test' }, project.testKey);
      expect((await render(id, test.id, project.testKey)).body).toEqual({ text: 'Test||1|||Shop' });
      for (const [ticketId, key] of [
        [test.id, project.liveKey],
        [live.id, project.testKey],
        [randomUUID(), project.liveKey],
      ] as const) {
        // prettier-ignore
        const { status, body } = await render(id, ticketId, key);
        expect([status, body.details]).toEqual([
          400,
          [expect.objectContaining({ field: 'ticket_id', code: 'not_found' })],
        ]);
      }
    });

    it('must be there', async () => {
      const { id } = await made({});
      const ticket = await project.createTicket();
      await remove(id);
      for (const gone of [id, randomUUID(), 'nonsense']) {
        expect((await render(gone, ticket.id)).body).toMatchObject({ code: 'canned_response_not_found' });
      }
    });
  });

  it('are not changed by a test key', async () => {
    const { id } = await made({});
    const key = project.testKey;
    for (const [method, path] of [
      ['POST', ''],
      ['PUT', `/${id}`],
      ['DELETE', `/${id}`],
    ] as const) {
      // prettier-ignore
      const body = method === 'DELETE' ? undefined : { title: 'A', text: 'B' };
      const answer = await project.request(method, RESPONSES + path, { key, body });
      expect([answer.status, answer.body]).toEqual([403, expect.objectContaining({ code: 'test_key_forbidden' })]);
    }
  });
});
