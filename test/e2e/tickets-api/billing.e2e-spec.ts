import type { TicketPayload } from '#contracts';
import { API } from '../../support/answers';
import type { AddedMessageBody, ErrorBody } from '../../support/answers';
import type { TestProject } from '../../support/test-project';
import { startTestService } from '../../support/test-service';
import type { TestService } from '../../support/test-service';

interface UsageBody {
  readonly month: string;
  readonly replies: number;
  readonly quota: number | null;
  readonly remaining: number | null;
}

const usage = async (project: TestProject, options: { key?: string; month?: string } = {}) => {
  const query = options.month ? `?month=${options.month}` : '';
  return (await project.request<UsageBody>('GET', `${API}/usage${query}`, { key: options.key ?? project.liveKey }))
    .body;
};

const reply = (project: TestProject, { id }: TicketPayload, body: object = {}, key = project.liveKey) =>
  project.request<AddedMessageBody & ErrorBody>('POST', `${API}/tickets/${id}/reply`, {
    body: { text: 'Hello', ...body },
    key,
  });

const inMessenger = (project: TestProject, key?: string) =>
  project.createTicket({ channel: 'telegram', chat_id: 1 }, key);

describe('the meter of replies', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startTestService();
  });
  afterAll(() => service.close());

  const thisMonth = expect.stringMatching(/^\d{4}-\d{2}$/) as unknown;

  it('counts public answers to messengers, and nothing else', async () => {
    const project = await service.createProject();
    expect(await usage(project)).toEqual({ month: thisMonth, replies: 0, quota: null, remaining: null });
    const [telegram, max] = [await inMessenger(project), await project.createTicket({ channel: 'max', chat_id: 1 })];
    const virtual = await project.createTicket();
    await reply(project, telegram);
    await reply(project, max, { status: 'closed' });
    await reply(project, telegram, { internal: true });
    await reply(project, virtual);
    await project.request('POST', `${API}/tickets/${virtual.id}/customer-reply`, { body: { text: 'Hi' } });
    await project.request('PATCH', `${API}/tickets/${telegram.id}/status`, { body: { status: 'closed' } });
    await reply(project, await inMessenger(project, project.testKey), {}, project.testKey);
    expect((await usage(project)).replies).toBe(2);
    expect((await usage(project, { key: project.testKey })).replies).toBe(0);
    expect((await usage(project, { month: '2020-01' })).replies).toBe(0);
  });

  it('lets no answer to a messenger pass when the quota is used up, while notes, virtual answers and the test side go on', async () => {
    const project = await service.createProject({ monthlyReplyQuota: 2 });
    const ticket = await inMessenger(project);
    await reply(project, ticket);
    await reply(project, ticket);
    expect(await usage(project)).toEqual({ month: thisMonth, replies: 2, quota: 2, remaining: 0 });
    const blocked = await reply(project, ticket);
    expect([blocked.status, blocked.body.code, blocked.body.retryable]).toEqual([402, 'billing_blocked', false]);
    const free = [
      await reply(project, ticket, { internal: true }),
      await reply(project, await project.createTicket()),
      await reply(project, await inMessenger(project, project.testKey), {}, project.testKey),
    ];
    expect(free.map(({ status }) => status)).toEqual([201, 201, 201]);
    const { body } = await project.request<TicketPayload>('GET', `${API}/tickets/${ticket.id}`);
    expect([body.message_count, body.note_count]).toEqual([3, 1]);
  });

  it('counts exactly when many answers come at once', async () => {
    const project = await service.createProject({ monthlyReplyQuota: 5 });
    const tickets = await Promise.all(
      Array.from({ length: 12 }, (_, n) => project.createTicket({ channel: 'telegram', chat_id: n + 1 })),
    );
    const answers = await Promise.all(tickets.map((ticket) => reply(project, ticket)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(5);
    expect(answers.filter(({ status }) => status === 402)).toHaveLength(7);
    expect((await usage(project)).remaining).toBe(0);
  });

  it('counts nothing of an answer that was refused for another reason', async () => {
    const project = await service.createProject({ monthlyReplyQuota: 1 });
    const ticket = await inMessenger(project);
    await project.request('POST', `${API}/tickets/${ticket.id}/reply`, {
      body: { text: 'Hello' },
      headers: { 'If-Match': '"9"' },
    });
    await reply(project, ticket, { agent_id: '019ab6b0-11aa-7d3c-8e4f-0a1b2c3d4e5f' });
    expect((await usage(project)).replies).toBe(0);
    expect((await reply(project, ticket)).status).toBe(201);
  });

  it('blocks from the first answer on with a quota of nothing', async () => {
    const project = await service.createProject({ monthlyReplyQuota: 0 });
    expect((await reply(project, await inMessenger(project))).status).toBe(402);
    expect(await usage(project)).toMatchObject({ replies: 0, quota: 0, remaining: 0 });
  });

  it.each(['2026', '2026-13', '2026-1', '0000-01', 'now', '2026-11-24'])('has no month %s', async (month) => {
    const project = await service.createProject();
    const { status, body } = await project.request<ErrorBody>('GET', `${API}/usage?month=${month}`);
    expect([status, body.details?.[0]]).toMatchObject([400, { field: 'month', code: 'format' }]);
  });
});
