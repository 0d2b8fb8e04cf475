import { randomUUID } from 'node:crypto';
import { API } from '../../support/answers';
import type { ErrorBody, PageBody } from '../../support/answers';
import type { TestProject } from '../../support/test-project';
import { startTestService } from '../../support/test-service';
import type { TestService } from '../../support/test-service';

interface TicketType {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly sort_order: number;
  readonly enabled: boolean;
  readonly created_at: string;
  readonly updated_at: string;
}

type List = PageBody & { readonly ticket_types: readonly TicketType[] };

const TYPES = `${API}/ticket-types`;

describe('ticket types', () => {
  let service: TestService;
  let project: TestProject;

  beforeAll(async () => {
    service = await startTestService();
  });
  beforeEach(async () => {
    project = await service.createProject();
  });
  afterAll(() => service.close());

  const create = async (body: object, headers = {}) =>
    project.request<TicketType & ErrorBody>('POST', TYPES, { body, headers });
  const made = async (body: object): Promise<TicketType> => {
    const answer = await create(body);
    expect(answer.status).toBe(201);
    return answer.body;
  };
  const change = async (id: string, body: object) =>
    project.request<TicketType & ErrorBody>('PUT', `${TYPES}/${id}`, { body });
  const remove = async (id: string, key = project.liveKey) => project.request('DELETE', `${TYPES}/${id}`, { key });
  const list = async (path = TYPES, key = project.liveKey): Promise<List> =>
    (await project.request<List>('GET', path, { key })).body;
  const namesOf = async (path: string) => (await list(path)).ticket_types.map(({ name }) => name);
  const historyOf = async (id: string) =>
    (
      await project.request<{ history: { action: string; field: string | null; from: unknown; to: unknown }[] }>(
        'GET',
        `${API}/config-history?object_type=ticket_type&object_id=${id}`,
      )
    ).body.history
      .toReversed()
      .map(({ action, field, from, to }) => [action, field, from, to]);

  it('are made with a name alone, or with everything', async () => {
    const bug = await made({ name: 'Bug' });
    expect(bug).toEqual({
      id: bug.id,
      name: 'Bug',
      description: null,
      sort_order: 0,
      enabled: true,
      created_at: expect.any(String),
      updated_at: bug.created_at,
    });
    const all = { name: 'Вопрос', description: 'Две\nстроки', sort_order: -5, enabled: false };
    expect(await made(all)).toMatchObject(all);
  });

  it('are listed by order, then by name: the enabled ones, or all', async () => {
    await made({ name: 'b', sort_order: 1 });
    await made({ name: 'C', sort_order: 1 });
    await made({ name: 'a', sort_order: 1, enabled: false });
    await made({ name: 'z', sort_order: -1 });
    expect(await namesOf(TYPES)).toEqual(['z', 'b', 'C']);
    expect(await namesOf(`${TYPES}/config`)).toEqual(['z', 'a', 'b', 'C']);
    const { ticket_types: _types, ...page } = await list(`${TYPES}/config`);
    expect(page).toEqual({ total: 4, limit: 50, offset: 0, next_cursor: null });
    expect(await list(TYPES, project.testKey)).toEqual(await list());
  });

  it('come in pages', async () => {
    for (const name of ['e', 'a', 'c', 'b', 'd']) {
      await made({ name });
    }
    const first = await list(`${TYPES}?limit=2`);
    const second = await list(`${TYPES}?limit=2&cursor=${first.next_cursor}`);
    const third = await list(`${TYPES}?limit=2&cursor=${second.next_cursor}`);
    expect([first, second, third].map((page) => page.ticket_types.map(({ name }) => name))).toEqual([
      ['a', 'b'],
      ['c', 'd'],
      ['e'],
    ]);
    expect(third.next_cursor).toBeNull();
    expect(await namesOf(`${TYPES}?limit=2&offset=3`)).toEqual(['d', 'e']);
  });

  it.each([
    [[1e300, 'a', randomUUID()]],
    [[0, 'a\u0000', randomUUID()]],
    [[0, 'a', 'x']],
    [[0, 'a', randomUUID(), 1]],
    [{}],
  ])('refuse the made-up cursor %j', async (place) => {
    const cursor = Buffer.from(JSON.stringify(['ticket-types', place])).toString('base64url');
    const answer = await project.request('GET', `${TYPES}?cursor=${cursor}`);
    expect([answer.status, answer.body]).toEqual([400, expect.objectContaining({ code: 'validation_failed' })]);
  });

  it('change in the given fields', async () => {
    const bug = await made({ name: 'Bug', description: 'Broken' });
    const { body } = await change(bug.id, { name: 'Defect', description: null, enabled: false });
    expect(body).toEqual({
      ...bug,
      name: 'Defect',
      description: null,
      enabled: false,
      updated_at: expect.any(String),
    });
    expect((await change(bug.id, {})).body).toEqual(body);
    expect(await historyOf(bug.id)).toEqual([
      ['created', null, null, { name: 'Bug', description: 'Broken', sort_order: 0, enabled: true }],
      ['updated', 'name', 'Bug', 'Defect'],
      ['updated', 'description', 'Broken', null],
      ['updated', 'enabled', true, false],
    ]);
  });

  it.each([
    [{ name: null }, 'name'],
    [{ name: '  ' }, 'name'],
    [{ name: 'x'.repeat(101) }, 'name'],
    [{ name: 'a\nb' }, 'name'],
    [{ description: 'x'.repeat(501) }, 'description'],
    [{ sort_order: 1_000_001 }, 'sort_order'],
    [{ enabled: null }, 'enabled'],
    [{ id: randomUUID() }, 'id'],
  ])('refuse %j', async (wrong, field) => {
    const { id } = await made({ name: 'Bug' });
    for (const answer of [await create({ name: 'Other', ...wrong }), await change(id, wrong)]) {
      expect([answer.status, answer.body.details]).toEqual([400, [expect.objectContaining({ field })]]);
    }
    expect(await namesOf(`${TYPES}/config`)).toEqual(['Bug']);
  });

  it('have a name once, whatever its case, until it is deleted', async () => {
    const bug = await made({ name: 'Ошибка' });
    const other = await made({ name: 'Other' });
    for (const refused of [await create({ name: ' ОШИБКА' }), await change(other.id, { name: 'ошибка' })]) {
      expect([refused.status, refused.body]).toEqual([
        409,
        expect.objectContaining({ code: 'conflict', error: expect.stringContaining('Ошибка') }),
      ]);
    }
    expect((await change(bug.id, { name: 'ОШИБКА' })).status).toBe(200);
    await remove(bug.id);
    await made({ name: 'Ошибка' });
  });

  it('with one name that are made at once are one, and the others hear of it', async () => {
    const answers = await Promise.all(['Bug', 'bug', 'BUG', 'Bug'].map((name) => create({ name })));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409, 409, 409]);
    expect((await list()).total).toBe(1);
  });

  it('are made once by a request that is repeated', async () => {
    const headers = { 'Idempotency-Key': 'type-once' };
    const [first, second] = [await create({ name: 'Bug' }, headers), await create({ name: 'Bug' }, headers)];
    expect([second.status, second.body]).toEqual([201, first.body]);
    expect((await list()).total).toBe(1);
  });

  it('are at most 200, even when the last ones come at once', async () => {
    await service.db.sql(
      `INSERT INTO ticket_type (project_id, id, name, created_at, updated_at)
       SELECT $1, gen_random_uuid(), 'Type ' || n, now(), now() FROM generate_series(1, 198) n`,
      [project.projectId],
    );
    const answers = await Promise.all(['a', 'b', 'c', 'd'].map((name) => create({ name })));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 201, 409, 409]);
    expect(answers.find(({ status }) => status === 409)?.body.error).toContain('at most 200');
    const { ticket_types: types } = await list(`${TYPES}/config?limit=1`);
    await remove(types[0]?.id ?? '');
    await made({ name: 'e' });
  });

  it('that are deleted stay on their tickets, and nowhere else', async () => {
    const bug = await made({ name: 'Bug' });
    const ticket = await project.createTicket({ ticket_type_id: bug.id });
    await change(bug.id, { name: 'Defect' });
    expect((await remove(bug.id)).status).toBe(204);
    const again = await remove(bug.id);
    expect([again.status, again.body]).toEqual([404, expect.objectContaining({ code: 'ticket_type_not_found' })]);
    expect((await change(bug.id, { enabled: true })).status).toBe(404);
    const { body } = await project.request('GET', `${API}/tickets/${ticket.id}`);
    expect(body).toMatchObject({ ticket_type_id: bug.id, ticket_type_name: 'Bug' });
    expect((await list(`${API}/tickets?ticket_type_id=${bug.id}`)).total).toBe(1);
    expect(await list(`${TYPES}/config`)).toMatchObject({ ticket_types: [], total: 0 });
    const refused = await project.request<ErrorBody>('POST', `${API}/tickets`, { body: { text: 'Help', ticket_type_id: bug.id } }); // prettier-ignore
    expect(refused.body.details).toEqual([expect.objectContaining({ field: 'ticket_type_id', code: 'not_found' })]);
    expect((await historyOf(bug.id)).at(-1)).toEqual([
      'deleted',
      null,
      { name: 'Defect', description: null, sort_order: 0, enabled: true },
      null,
    ]);
  });

  it.each([randomUUID(), 'nonsense', 'config'])('with the id %s do not exist', async (id) => {
    for (const answer of [await change(id, { name: 'Bug' }), await remove(id)]) {
      expect([answer.status, answer.body]).toEqual([404, expect.objectContaining({ code: 'ticket_type_not_found' })]);
    }
  });

  it('are not changed by a test key', async () => {
    const { id } = await made({ name: 'Bug' });
    const key = project.testKey;
    for (const answer of [
      await project.request('POST', TYPES, { key, body: { name: 'Other' } }),
      await project.request('PUT', `${TYPES}/${id}`, { key, body: { name: 'Other' } }),
      await remove(id, key),
    ]) {
      expect([answer.status, answer.body]).toEqual([403, expect.objectContaining({ code: 'test_key_forbidden' })]);
    }
    expect(await namesOf(TYPES)).toEqual(['Bug']);
    expect((await project.createTicket({ ticket_type_id: id }, key)).ticket_type_name).toBe('Bug');
  });
});
