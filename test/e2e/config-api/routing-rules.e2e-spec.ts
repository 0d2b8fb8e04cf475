import { randomUUID } from 'node:crypto';
import type { RoutingRulePayload } from '#contracts';
import { API } from '../../support/answers';
import type { ErrorBody, HistoryListBody, PageBody } from '../../support/answers';
import type { TestProject } from '../../support/test-project';
import { startTestService } from '../../support/test-service';
import type { TestService } from '../../support/test-service';

type List = PageBody & { readonly routing_rules: readonly RoutingRulePayload[] };

const RULES = `${API}/routing-rules`;
const REFUNDS = { name: 'Refunds', condition: { text_contains: 'refund' }, action: { set_priority: 'high' } };

/** What a refusal says of which field. */
const faultOf = ({ status, body }: { readonly status: number; readonly body: ErrorBody }) => [
  status,
  body.code,
  body.details?.map(({ field, code }) => [field, code]),
];

describe('routing rules', () => {
  let service: TestService;
  let project: TestProject;

  beforeAll(async () => {
    service = await startTestService();
  });
  beforeEach(async () => {
    project = await service.createProject();
  });
  afterAll(() => service.close());

  const create = async (body: object, options = {}) =>
    project.request<RoutingRulePayload & ErrorBody>('POST', RULES, { body, ...options });
  const made = async (body: object): Promise<RoutingRulePayload> => {
    const answer = await create(body);
    expect(answer.status).toBe(201);
    return answer.body;
  };
  const change = async (id: string, body: object, key = project.liveKey) =>
    project.request<RoutingRulePayload & ErrorBody>('PUT', `${RULES}/${id}`, { body, key });
  const remove = async (id: string, key = project.liveKey) =>
    project.request<ErrorBody>('DELETE', `${RULES}/${id}`, { key });
  const list = async (query = '', key = project.liveKey): Promise<List> =>
    (await project.request<List>('GET', `${RULES}${query}`, { key })).body;
  const historyOf = async (id: string) =>
    (
      await project.request<HistoryListBody>('GET', `${API}/config-history?object_type=routing_rule&object_id=${id}`)
    ).body.history
      .toReversed()
      .map(({ action, field, from, to }) => [action, field, from, to]);

  it('are made with a name, a condition and an action alone, or with everything', async () => {
    const refunds = await made(REFUNDS);
    expect(refunds).toEqual({
      ...REFUNDS,
      id: refunds.id,
      order_index: 0,
      enabled: true,
      created_at: refunds.created_at,
      updated_at: refunds.created_at,
    });
    const [agent, type] = [await project.addMember(), await project.addTicketType()];
    const everything = {
      name: 'Everything',
      condition: {
        channel: 'telegram',
        subject_contains: ['Order', 'Заказ'],
        text_contains: 'возврат',
        ticket_type_id: type,
      },
      action: { assign_to: agent, set_priority: 'urgent', add_tag: ['vip', 'refund'] },
      order_index: -3,
      enabled: false,
    };
    expect(await made(everything)).toMatchObject(everything);
    expect((await list()).routing_rules.map(({ name }) => name)).toEqual(['Everything', 'Refunds']);
  });

  it('are listed by order_index, then by age, page by page', async () => {
    const names = ['third', 'fourth', 'first', 'second'];
    for (const [index, name] of names.entries()) {
      await made({ ...REFUNDS, name, order_index: index < 2 ? 5 : -1 });
    }
    const whole = await list();
    expect(whole).toMatchObject({ total: 4, limit: 50, offset: 0, next_cursor: null });
    expect(whole.routing_rules.map(({ name }) => name)).toEqual(['first', 'second', 'third', 'fourth']);
    const first = await list('?limit=3');
    const next = await list(`?limit=3&cursor=${first.next_cursor}`);
    expect([...first.routing_rules, ...next.routing_rules]).toEqual(whole.routing_rules);
    expect(next.next_cursor).toBeNull();
    expect((await list('?limit=2&offset=1')).routing_rules).toEqual(whole.routing_rules.slice(1, 3));
  });

  it('change in the given fields, condition and action as a whole', async () => {
    const { id, created_at } = await made({ ...REFUNDS, action: { set_priority: 'high', add_tag: 'refund' } });
    const changed = await change(id, { action: { add_tag: ['refund'] }, order_index: 7 });
    expect(changed.status).toBe(200);
    expect(changed.body).toEqual({
      ...REFUNDS,
      id,
      action: { add_tag: ['refund'] },
      order_index: 7,
      enabled: true,
      created_at,
      updated_at: changed.body.updated_at,
    });
    expect((await list()).routing_rules).toEqual([changed.body]);
    expect((await change(id, {})).body).toEqual(changed.body);
  });

  it('are gone when they are deleted, the second time not found', async () => {
    const { id } = await made(REFUNDS);
    expect(await remove(id)).toMatchObject({ status: 204, body: null });
    expect(await list()).toMatchObject({ routing_rules: [], total: 0 });
    const again = [
      await remove(id),
      await change(id, { enabled: false }),
      await remove(randomUUID()),
      await remove('x'),
    ];
    expect(again.map(({ status, body }) => [status, body.code])).toEqual(
      again.map(() => [404, 'routing_rule_not_found']),
    );
  });

  it('leave each change in the configuration’s history', async () => {
    const { id } = await made(REFUNDS);
    await change(id, { name: 'Money back', enabled: false, condition: REFUNDS.condition });
    await remove(id);
    const fields = { ...REFUNDS, order_index: 0, enabled: true };
    expect(await historyOf(id)).toEqual([
      ['created', null, null, fields],
      ['updated', 'name', 'Refunds', 'Money back'],
      ['updated', 'enabled', true, false],
      ['deleted', null, { ...fields, name: 'Money back', enabled: false }, null],
    ]);
  });

  it.each([
    ['an unknown condition', { condition: { chanel: 'max' } }, ['condition.chanel', 'unknown_field']],
    ['an empty condition', { condition: {} }, ['condition', 'min']],
    ['no condition', { condition: undefined }, ['condition', 'required']],
    ['null for a condition', { condition: null }, ['condition', 'required']],
    ['an empty list of words', { condition: { text_contains: [] } }, ['condition.text_contains', 'min']],
    ['a blank word', { condition: { text_contains: ['a', ' '] } }, ['condition.text_contains[1]', 'required']],
    ['a channel that is none', { condition: { channel: 'email' } }, ['condition.channel', 'enum']],
    ['a type that is no id', { condition: { ticket_type_id: 'bug' } }, ['condition.ticket_type_id', 'format']],
    ['an unknown type', { condition: { ticket_type_id: randomUUID() } }, ['condition.ticket_type_id', 'not_found']],
    ['an unknown action', { action: { set_status: 'closed' } }, ['action.set_status', 'unknown_field']],
    ['an empty action', { action: {} }, ['action', 'min']],
    ['a stranger', { action: { assign_to: randomUUID() } }, ['action.assign_to', 'not_found']],
    ['a tag of two words', { action: { add_tag: 'two words' } }, ['action.add_tag', 'format']],
    ['a name that is too long', { name: 'x'.repeat(101) }, ['name', 'max']],
    ['a place out of bounds', { order_index: 1_000_001 }, ['order_index', 'max']],
    ['an unknown field', { order: 1 }, ['order', 'unknown_field']],
  ])('with %s are refused, new or changed', async (_name, wrong, fault) => {
    const { id } = await made(REFUNDS);
    expect(faultOf(await create({ ...REFUNDS, ...wrong }))).toEqual([400, 'validation_failed', [fault]]);
    if (fault[1] !== 'required' || fault[0]?.includes('[')) {
      expect(faultOf(await change(id, wrong))).toEqual([400, 'validation_failed', [fault]]);
    }
    expect((await list()).routing_rules).toMatchObject([REFUNDS]);
  });

  it('name the allowed keys to whoever mistypes one', async () => {
    const answer = await create({ ...REFUNDS, condition: { priority: 'high' } });
    expect(answer.body.error).toContain('channel, subject_contains, text_contains, ticket_type_id');
    expect((await create({ ...REFUNDS, condition: { chanel: 'max' } })).body.error).toContain(
      'Perhaps you mean channel',
    );
  });

  it('assign to nobody who may not answer, nor look at anything of another project', async () => {
    const [viewer, other] = [await project.addMember({ role: 'viewer' }), await service.createProject()];
    const agents = [viewer, await other.addMember()];
    for (const assign_to of agents) {
      expect(faultOf(await create({ ...REFUNDS, action: { assign_to } }))).toEqual([
        400,
        'validation_failed',
        [['action.assign_to', 'not_found']],
      ]);
    }
    const condition = { ticket_type_id: await other.addTicketType() };
    expect(faultOf(await create({ ...REFUNDS, condition }))).toEqual([
      400,
      'validation_failed',
      [['condition.ticket_type_id', 'not_found']],
    ]);
  });

  it('may look for a type that is switched off, as it may be switched on again', async () => {
    const ticket_type_id = await project.addTicketType({ enabled: false });
    expect((await made({ ...REFUNDS, condition: { ticket_type_id } })).condition).toEqual({ ticket_type_id });
  });

  it('can be switched off when their member has left', async () => {
    const agent = await project.addMember();
    const { id } = await made({ ...REFUNDS, action: { assign_to: agent } });
    await service.db.sql('UPDATE member SET removed_at = now() WHERE id = $1', [agent]);
    expect((await change(id, { enabled: false, name: 'Off' })).status).toBe(200);
    expect(faultOf(await change(id, { action: { assign_to: agent, add_tag: 'x' } }))).toEqual([
      400,
      'validation_failed',
      [['action.assign_to', 'not_found']],
    ]);
  });

  it('are seen from the test side, and changed from the live side alone', async () => {
    const rule = await made(REFUNDS);
    const key = project.testKey;
    expect((await list('', key)).routing_rules).toEqual([rule]);
    const refused = [
      await create(REFUNDS, { key }),
      await change(rule.id, { enabled: false }, key),
      await remove(rule.id, key),
    ];
    expect(refused.map(({ status, body }) => [status, body.code])).toEqual(
      refused.map(() => [403, 'test_key_forbidden']),
    );
    expect((await list()).routing_rules).toEqual([rule]);
  });

  it('are 100 at most, also when the last two come at once', async () => {
    await Promise.all(Array.from({ length: 99 }, (_, n) => made({ ...REFUNDS, name: `Rule ${n}` })));
    const last = await Promise.all([create(REFUNDS), create(REFUNDS)]);
    expect(last.map(({ status }) => status).toSorted()).toEqual([201, 409]);
    expect(await list('?limit=1')).toMatchObject({ total: 100 });
    await remove((await list()).routing_rules[0]?.id ?? '');
    expect((await create(REFUNDS)).status).toBe(201);
  });

  it('are made once by repeats with one Idempotency-Key', async () => {
    const headers = { 'Idempotency-Key': randomUUID() };
    const [first, second] = [await create(REFUNDS, { headers }), await create(REFUNDS, { headers })];
    expect(second.body).toEqual(first.body);
    expect((await list()).total).toBe(1);
  });
});
