import type { Actor } from '#contracts';
import { API } from '../../support/answers';
import type { PageBody } from '../../support/answers';
import type { TestProject } from '../../support/test-project';
import { startTestService } from '../../support/test-service';
import type { TestService } from '../../support/test-service';

interface Line {
  readonly id: string;
  readonly at: string;
  readonly actor: Actor;
  readonly action: string;
  readonly object_type: string;
  readonly object_id: string;
  readonly field: string | null;
  readonly from: unknown;
  readonly to: unknown;
  readonly request_id: string | null;
}

describe('the configuration’s history', () => {
  let service: TestService;
  let project: TestProject;

  beforeAll(async () => {
    service = await startTestService();
  });
  beforeEach(async () => {
    project = await service.createProject();
  });
  afterAll(() => service.close());

  const history = async (
    query = '',
    key = project.liveKey,
  ): Promise<PageBody & { readonly history: readonly Line[] }> =>
    (await project.request<PageBody & { history: Line[] }>('GET', `${API}/config-history${query}`, { key })).body;

  it('of a new project is empty', async () => {
    expect(await history()).toEqual({ history: [], total: 0, limit: 50, offset: 0, next_cursor: null });
  });

  it('has a line for each field that changed: who, when, by which request, from what to what', async () => {
    const before = Date.now();
    await project.request('PUT', `${API}/settings`, {
      body: { timezone: 'Europe/Moscow', csat_expire_days: 7, helpdesk_welcome_message: { en: 'Hi' } },
      headers: { 'X-Request-Id': 'the-request' },
    });
    const { history: lines, total } = await history();
    expect(total).toBe(2);
    expect(lines.map(({ id: _id, at, ...line }) => ({ ...line, at: Date.parse(at) >= before - 1 }))).toEqual(
      [
        { field: 'timezone', from: 'UTC', to: 'Europe/Moscow' },
        { field: 'helpdesk_welcome_message', from: null, to: { en: 'Hi' } },
      ].map((change) => ({
        ...change,
        at: true,
        actor: { type: 'key', id: expect.any(String), name: project.liveKey.slice(0, 12) },
        action: 'updated',
        object_type: 'settings',
        object_id: project.projectId,
        request_id: 'the-request',
      })),
    );
  });

  it('has nothing of what changed nothing or was refused', async () => {
    await project.changeSettings({ timezone: 'UTC' });
    await project.request('PUT', `${API}/settings`, { body: { timezone: 'Nowhere', csat_expire_days: 3 } });
    await project.request('PUT', `${API}/settings`, { body: { csat_expire_days: 3 }, key: project.testKey });
    expect((await history()).history).toEqual([]);
  });

  it('comes in pages, the newest first, and a page stays the same while lines are added', async () => {
    for (const days of [1, 2, 3, 4, 5]) {
      await project.changeSettings({ csat_expire_days: days });
    }
    const first = await history('?limit=2');
    await project.changeSettings({ csat_expire_days: 6 });
    const second = await history(`?limit=2&cursor=${first.next_cursor}`);
    const last = await history(`?limit=2&cursor=${second.next_cursor}`);
    expect([first, second, last].map((page) => page.history.map(({ to }) => to))).toEqual([[5, 4], [3, 2], [1]]);
    expect([first.total, second.total, last.next_cursor]).toEqual([5, undefined, null]);
    const { history: skipped } = await history('?limit=1&offset=5');
    expect(skipped.map(({ to }) => to)).toEqual([1]);
  });

  it.each([
    'cursor=nonsense',
    'cursor=WyJhZ2VudHMiLFsxXV0',
    'cursor=WyJjb25maWctaGlzdG9yeSIsWyJ4Il1d',
    'object_type=ticket',
    'object_id=1',
  ])('refuses ?%s', async (query) => {
    const answer = await project.request('GET', `${API}/config-history?${query}`);
    expect([answer.status, answer.body]).toEqual([400, expect.objectContaining({ code: 'validation_failed' })]);
  });

  it('is the same for the test side, and not for another project', async () => {
    await project.changeSettings({ csat_expire_days: 3 });
    expect(await history('', project.testKey)).toEqual(await history());
    const other = await service.createProject();
    const { body } = await other.request<{ history: Line[] }>(
      'GET',
      `${API}/config-history?object_id=${project.projectId}`,
    );
    expect(body.history).toEqual([]);
  });
});
