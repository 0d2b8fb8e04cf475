import type { TicketPayload } from '#contracts';
import { API } from '../../support/answers';
import type { HistoryListBody, TicketListBody } from '../../support/answers';
import { readEvents } from '../../support/read-events';
import type { TestProject } from '../../support/test-project';
import { startTestService } from '../../support/test-service';
import type { TestService } from '../../support/test-service';

const HOUR_MS = 3_600_000;

const due = (ticket: TicketPayload, hours: number): string =>
  new Date(Date.parse(ticket.created_at) + hours * HOUR_MS).toISOString();

describe('service levels of tickets', () => {
  let service: TestService;
  let project: TestProject;

  beforeAll(async () => {
    service = await startTestService();
  });
  afterAll(() => service.close());
  beforeEach(async () => {
    project = await service.createProject();
  });

  const list = async (query: string): Promise<string[]> => {
    const answer = await project.request<TicketListBody>('GET', `${API}/tickets?${query}`, { key: project.testKey });
    expect(answer.status).toBe(200);
    return answer.body.tickets.map(({ id }) => id);
  };
  const change = async (method: string, path: string, body: object) => {
    const answer = await project.request(method, `${API}/tickets/${path}`, { key: project.testKey, body });
    expect(answer.status).toBeLessThan(300);
  };

  it('are due times on the ticket, which a list can be ordered by', async () => {
    const none = await project.createTicket({}, project.testKey);
    expect(none.sla).toEqual({
      first_reply: { due_at: null, status: 'none' },
      resolve: { due_at: null, status: 'none' },
    });
    await change('PATCH', `${none.id}/status`, { status: 'closed' });

    await project.setThresholds({ firstReplyHours: 4, resolveHours: 10 });
    const first = await project.createTicket({}, project.testKey);
    const second = await project.createTicket({}, project.testKey);
    expect(first.sla).toEqual({
      first_reply: { due_at: due(first, 4), status: 'pending' },
      resolve: { due_at: due(first, 10), status: 'pending' },
    });
    expect(await list('sort=sla_due_at')).toEqual([first.id, second.id, none.id]);

    await change('POST', `${first.id}/reply`, { text: 'Hello' });
    expect(await list('sort=sla_due_at')).toEqual([second.id, first.id, none.id]);
  });

  it('warn and break by time alone, are filters of the list, and stand in the history as the system’s doing', async () => {
    await project.setThresholds({ firstReplyHours: 10, resolveHours: 20 });
    const key = project.testKey;
    const waiting = await project.createTicket({}, key);
    const answered = await project.createTicket({}, key);
    await change('POST', `${answered.id}/reply`, { text: 'Hello' });
    await project.advanceTestClock(9);
    await readEvents(project, 5, key);
    expect([await list('sla=at_risk'), await list('sla=breached')]).toEqual([[waiting.id], []]);

    await project.advanceTestClock(8.5);
    await readEvents(project, 8, key);
    expect([await list('sla=at_risk'), await list('sla=breached')]).toEqual([[answered.id, waiting.id], [waiting.id]]);
    expect(await list('unanswered=true')).toEqual([waiting.id]);

    const history = await project.request<HistoryListBody>('GET', `${API}/tickets/${waiting.id}/history`, { key });
    expect(history.body.history.map(({ action, actor: { type } }) => [action, type])).toEqual(
      expect.arrayContaining([
        ['sla_warning', 'system'],
        ['sla_breached', 'system'],
      ]),
    );
  });

  it('tell of a customer whom nobody answers, once', async () => {
    await project.setThresholds({ unansweredHours: 24 });
    const key = project.testKey;
    const ticket = await project.createTicket({}, key);
    await project.advanceTestClock(25);
    const events = await readEvents(project, 2, key);
    expect(events[1]).toMatchObject({
      event: 'ticket.unanswered_24h',
      sequence: 2,
      data: { threshold_hours: 24, waiting_since: ticket.waiting_since, ticket: { id: ticket.id, version: 2 } },
    });
    await project.advanceTestClock(100);
    await change('PATCH', `${ticket.id}/status`, { status: 'closed' });
    const types = (await readEvents(project, 4, key)).map(({ event }) => event);
    expect(types).toEqual(['ticket.created', 'ticket.unanswered_24h', 'ticket.status_changed', 'ticket.closed']);
  });
});
