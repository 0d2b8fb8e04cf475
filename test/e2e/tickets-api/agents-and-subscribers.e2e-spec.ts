import type { AgentPayload, SubscriberPayload } from '#contracts';
import { API } from '../../support/answers';
import type { PageBody } from '../../support/answers';
import type { TestProject } from '../../support/test-project';
import { startTestService } from '../../support/test-service';
import type { TestService } from '../../support/test-service';

type AgentListBody = PageBody & { readonly agents: readonly AgentPayload[] };
type SubscriberListBody = PageBody & { readonly subscribers: readonly SubscriberPayload[] };

describe('people', () => {
  let service: TestService;
  let project: TestProject;

  beforeAll(async () => {
    service = await startTestService();
  });
  beforeEach(async () => {
    project = await service.createProject();
  });
  afterAll(() => service.close());

  const get = async <Body>(path: string, key = project.liveKey) =>
    (await project.request<Body>('GET', API + path, { key })).body;

  /** Follows the cursor of a list to its end. */
  async function namesPageByPage<Item>(list: 'agents' | 'subscribers', name: (item: Item) => unknown) {
    const names: unknown[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: PageBody & Record<string, unknown> = await get(`/${list}?limit=2${cursor && `&cursor=${cursor}`}`);
      names.push((page[list] as Item[]).map(name));
      cursor = page.next_cursor;
    }
    return names;
  }

  describe('who can be assigned', () => {
    it('are the members who may answer, by name, with their open tickets of this side', async () => {
      const olga = await project.addMember({ name: 'Olga', role: 'support' });
      const anna = await project.addMember({ name: 'anna', role: 'owner' });
      await project.addMember({ name: 'Viktor', role: 'viewer' });
      const gone = await project.addMember({ name: 'Gone' });
      await service.db.sql('UPDATE member SET removed_at = now() WHERE id = $1', [gone]);
      const assign = async (key: string, agent: string, status = 'new') => {
        const { id } = await project.createTicket({}, key);
        await project.request('PATCH', `${API}/tickets/${id}/assign`, { key, body: { assigned_to: agent } });
        await project.request('PATCH', `${API}/tickets/${id}/status`, { key, body: { status } });
      };
      await assign(project.liveKey, olga);
      await assign(project.liveKey, olga, 'waiting');
      await assign(project.liveKey, olga, 'closed');
      await assign(project.testKey, anna);
      expect(await get<AgentListBody>('/agents')).toEqual({
        agents: [
          { id: anna, name: 'anna', email: expect.any(String), role: 'owner', open_tickets: 0 },
          { id: olga, name: 'Olga', email: expect.any(String), role: 'support', open_tickets: 2 },
        ],
        total: 2,
        limit: 50,
        offset: 0,
        next_cursor: null,
      });
      const { agents } = await get<AgentListBody>('/agents', project.testKey);
      expect(agents.map(({ open_tickets }) => open_tickets)).toEqual([1, 0]);
    });

    it('come in pages', async () => {
      for (const name of ['E', 'a', 'C', 'b', 'D']) {
        await project.addMember({ name });
      }
      expect(await namesPageByPage('agents', ({ name }: AgentPayload) => name)).toEqual([
        ['a', 'b'],
        ['C', 'D'],
        ['E'],
      ]);
      const { agents, total } = await get<AgentListBody>('/agents?limit=1&offset=3');
      expect([agents.map(({ name }) => name), total]).toEqual([['D'], 5]);
    });
  });

  describe('who can be written to', () => {
    it('are found newest first, by channel, and one by one', async () => {
      const telegram = await project.createTicket({ channel: 'telegram', chat_id: 1, first_name: 'Ivan' });
      const virtual = await project.createTicket({ external_id: 'customer-1', username: '@maria' });
      await project.createTicket({ first_name: 'Nobody' });
      const list = await get<SubscriberListBody>('/subscribers');
      expect(list).toMatchObject({ total: 2, limit: 50, offset: 0, next_cursor: null });
      expect(list.subscribers).toEqual([
        {
          id: virtual.subscriber_id,
          channel: 'virtual',
          chat_id: null,
          external_id: 'customer-1',
          first_name: null,
          username: 'maria',
          lang: null,
          reachable: true,
          tags: [],
          created_at: virtual.created_at,
        },
        expect.objectContaining({ id: telegram.subscriber_id, channel: 'telegram', chat_id: 1, first_name: 'Ivan' }),
      ]);
      const { subscribers, total } = await get<SubscriberListBody>('/subscribers?channel=telegram');
      expect([subscribers.map(({ id }) => id), total]).toEqual([[telegram.subscriber_id], 1]);
      expect(await get<SubscriberPayload>(`/subscribers/${virtual.subscriber_id}`)).toEqual(list.subscribers[0]);
    });

    it('come in pages', async () => {
      for (let chat_id = 1; chat_id <= 5; chat_id++) {
        await project.createTicket({ channel: 'max', chat_id });
      }
      const pages = await namesPageByPage('subscribers', ({ chat_id }: SubscriberPayload) => chat_id);
      expect(pages).toEqual([[5, 4], [3, 2], [1]]);
    });

    it('are another project’s secret', async () => {
      const { subscriber_id } = await project.createTicket({ channel: 'max', chat_id: 1 });
      const other = await service.createProject();
      const answers = [
        await other.request('GET', `${API}/subscribers/${subscriber_id}`),
        await project.request('GET', `${API}/subscribers/${subscriber_id}`, { key: project.testKey }),
      ];
      expect(answers.map(({ status }) => status)).toEqual([404, 404]);
      expect((await other.request<SubscriberListBody>('GET', `${API}/subscribers`)).body.total).toBe(0);
      const filtered = await other.request<PageBody>('GET', `${API}/tickets?subscriber_id=${subscriber_id}`);
      expect(filtered.body.total).toBe(0);
    });
  });
});
