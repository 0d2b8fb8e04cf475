import { randomUUID } from 'node:crypto';
import { API } from '../../support/answers';
import type { ErrorBody } from '../../support/answers';
import { readTenantRows } from '../../contract/isolation/tenant-rows';
import type { TestProject } from '../../support/test-project';
import { startTestService } from '../../support/test-service';
import type { TestService } from '../../support/test-service';

interface Simulation {
  readonly tested: number;
  readonly matched: number;
  readonly results: ReadonlyArray<{
    readonly ticket_id: string;
    readonly ticket_number: number;
    readonly matched: boolean;
    readonly winner_rule_id: string | null;
  }>;
  readonly by_rule: ReadonlyArray<{ readonly rule_id: string | null; readonly wins: number }>;
}

const ACTION = { set_priority: 'high' };

describe('a simulation', () => {
  let service: TestService;
  let project: TestProject;

  beforeAll(async () => {
    service = await startTestService();
  });
  beforeEach(async () => {
    project = await service.createProject();
  });
  afterAll(() => service.close());

  const simulate = async (body: object = {}, key = project.liveKey) => {
    const answer = await project.request<Simulation & ErrorBody>('POST', `${API}/routing-rules/simulate`, {
      body,
      key,
    });
    expect([answer.status, answer.body.error]).toEqual([200, undefined]);
    return answer.body;
  };
  const ruleOf = (condition: object) => ({ name: 'Tried', condition, action: ACTION });

  it('without a rule tries those that are enabled as they would be on a new ticket', async () => {
    const [vip, off, refunds] = [
      await project.addRoutingRule({ condition: { subject_contains: 'vip' }, order_index: 2 }),
      await project.addRoutingRule({ condition: { channel: 'virtual' }, order_index: 0, enabled: false }),
      await project.addRoutingRule({ condition: { text_contains: 'REFUND' }, order_index: 1 }),
    ];
    const both = await project.createTicket({ subject: 'VIP', text: 'A refund, please' });
    const second = await project.createTicket({ subject: 'Vip customer' });
    const none = await project.createTicket({ subject: 'Other', text: 'vip' });
    expect(await simulate()).toEqual({
      tested: 3,
      matched: 2,
      results: [
        { ticket_id: none.id, ticket_number: 3, matched: false, winner_rule_id: null },
        { ticket_id: second.id, ticket_number: 2, matched: true, winner_rule_id: vip },
        { ticket_id: both.id, ticket_number: 1, matched: true, winner_rule_id: refunds },
      ],
      by_rule: [
        { rule_id: refunds, wins: 1 },
        { rule_id: vip, wins: 1 },
      ],
    });
    expect(off).toBeDefined();
  });

  it('tries a rule that is not saved alone, on the opening message and not on later ones', async () => {
    await project.addRoutingRule({ condition: { channel: 'virtual' } });
    const opened = await project.createTicket({ text: 'Возврат денег' });
    const later = await project.createTicket();
    await project.request('POST', `${API}/tickets/${later.id}/customer-reply`, { body: { text: 'возврат' } });
    const result = await simulate({ rule: ruleOf({ text_contains: ['возврат', 'refund'] }) });
    expect(result).toMatchObject({ tested: 2, matched: 1, by_rule: [{ rule_id: null, wins: 1 }] });
    expect(
      result.results.map(({ ticket_id, matched, winner_rule_id }) => [ticket_id, matched, winner_rule_id]),
    ).toEqual([
      [later.id, false, null],
      [opened.id, true, null],
    ]);
    const { routing_rules } = (await project.request<{ routing_rules: unknown[] }>('GET', `${API}/routing-rules`)).body;
    expect(routing_rules).toHaveLength(1);
  });

  it('takes the latest tickets, 100 unless told otherwise', async () => {
    await Promise.all(Array.from({ length: 120 }, (_, n) => project.createTicket({ text: `Help ${n}` })));
    const rule = ruleOf({ channel: 'virtual' });
    expect(await simulate({ rule })).toMatchObject({ tested: 100, matched: 100 });
    expect(await simulate({ rule, last: 1000 })).toMatchObject({ tested: 120, matched: 120 });
    const one = await simulate({ rule, last: 1 });
    const newest = await project.request<{ tickets: [{ id: string }] }>('GET', `${API}/tickets?limit=1`);
    expect(one.results.map(({ ticket_id }) => ticket_id)).toEqual([newest.body.tickets[0].id]);
  });

  it('with a test key tries the live project’s rules on the test side’s tickets', async () => {
    const rule = await project.addRoutingRule({ condition: { text_contains: 'refund' } });
    await project.createTicket({ text: 'refund' });
    const ticket = await project.createTicket({ text: 'No refund' }, project.testKey);
    expect(await simulate({}, project.testKey)).toEqual({
      tested: 1,
      matched: 1,
      results: [{ ticket_id: ticket.id, ticket_number: 1, matched: true, winner_rule_id: rule }],
      by_rule: [{ rule_id: rule, wins: 1 }],
    });
  });

  it('changes nothing', async () => {
    await project.addRoutingRule({ condition: { channel: 'virtual' } });
    await project.createTicket();
    // The relay goes on with the events that there are, and the key notes when it was used.
    const BESIDE = ['outbox', 'event_log_head', 'event_delivery', 'rate_limit', 'api_key'];
    const rows = async () => {
      const { tables } = await readTenantRows(service.db, project.projectId, { whole: true });
      const events = await service.db.sql('SELECT event_id FROM outbox ORDER BY event_id');
      return [Object.entries(tables).filter(([table]) => !BESIDE.includes(table)), events];
    };
    const before = await rows();
    await simulate();
    await simulate({ rule: ruleOf({ text_contains: 'help' }), last: 5 });
    expect(await rows()).toEqual(before);
  });

  it.each([
    [{ last: 0 }, ['last', 'min']],
    [{ last: 1001 }, ['last', 'max']],
    [{ rule: {} }, ['rule.name', 'required']],
    [{ rule: { name: 'Tried', condition: { text: 'x' }, action: ACTION } }, ['rule.condition.text', 'unknown_field']],
    [{ rule: { name: 'Tried', condition: {}, action: ACTION } }, ['rule.condition', 'min']],
    [{ rule: ruleOf({ ticket_type_id: randomUUID() }) }, ['rule.condition.ticket_type_id', 'not_found']],
    [
      { rule: { ...ruleOf({ channel: 'max' }), action: { assign_to: randomUUID() } } },
      ['rule.action.assign_to', 'not_found'],
    ],
  ])('refuses %j', async (body, fault) => {
    const { status, body: refusal } = await project.request<ErrorBody>('POST', `${API}/routing-rules/simulate`, {
      body,
    });
    expect([status, refusal.code, refusal.details?.map(({ field, code }) => [field, code])]).toEqual([
      400,
      'validation_failed',
      [fault],
    ]);
  });
});
