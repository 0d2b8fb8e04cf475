import { randomUUID } from 'node:crypto';
import { TICKET_PRIORITIES, TICKET_STATUSES } from '#contracts';
import type { TicketPayload } from '#contracts';
import { API } from '../../support/answers';
import type { AddedMessageBody, ErrorBody, HistoryListBody } from '../../support/answers';
import { readEvents } from '../../support/read-events';
import type { TestProject } from '../../support/test-project';
import { startTestService } from '../../support/test-service';
import type { TestService } from '../../support/test-service';

describe('changing a ticket', () => {
  let service: TestService;
  let project: TestProject;
  let agent: string;
  let type: string;

  beforeAll(async () => {
    service = await startTestService();
    project = await service.createProject();
    agent = await project.addMember();
    type = await project.addTicketType({ name: 'Bug' });
  });
  afterAll(() => service.close());

  const patch = (id: string, what: string, body: object, headers = {}) =>
    project.request<TicketPayload & ErrorBody>('PATCH', `${API}/tickets/${id}${what}`, { body, headers });
  const firstFault = async (what: string, body: object) => {
    const answer = await patch((await project.createTicket()).id, what, body);
    const [detail] = answer.body.details ?? [];
    return [answer.status, detail?.field, detail?.code];
  };

  describe('its status', () => {
    const pairs = TICKET_STATUSES.flatMap((from) => TICKET_STATUSES.map((to) => [from, to] as const));

    it.each(pairs)('goes from %s to %s', async (from, to) => {
      const { id, created_at } = await project.createTicket();
      const before = (await patch(id, '/status', { status: from })).body;
      const { status, body, headers } = await patch(id, '/status', { status: to });
      expect([status, body.status, headers.get('etag')]).toEqual([200, to, `"${body.version}"`]);
      expect(body.version - before.version).toBe(from === to ? 0 : 1);
      expect(body.reopen_count).toBe(from === 'closed' && to !== 'closed' ? 1 : 0);
      expect(body.closed_at !== null).toBe(to === 'closed');
      expect(body.waiting_since).toBe(from === 'closed' || to === 'closed' ? null : created_at);
    });

    it('that is set again changes nothing and is not told of', async () => {
      const fresh = await service.createProject();
      const ticket = await fresh.createTicket();
      const same = await fresh.request('PATCH', `${API}/tickets/${ticket.id}/status`, { body: { status: 'new' } });
      expect(same.body).toEqual(ticket);
      await fresh.request('PATCH', `${API}/tickets/${ticket.id}/status`, { body: { status: 'waiting' } });
      expect((await readEvents(fresh, 2)).map(({ event }) => event)).toEqual([
        'ticket.created',
        'ticket.status_changed',
      ]);
      const { body } = await fresh.request<HistoryListBody>('GET', `${API}/tickets/${ticket.id}/history`);
      expect(body.history.map(({ action }) => action)).toEqual(['created', 'status_changed']);
    });

    it.each([
      [{}, 'status', 'required'],
      [{ status: null }, 'status', 'required'],
      [{ status: 'open' }, 'status', 'enum'],
      [{ status: 'New' }, 'status', 'enum'],
      [{ status: ['new'] }, 'status', 'type'],
      [{ status: 'new', note: 'x' }, 'note', 'unknown_field'],
    ])('is not set by %j', async (body, field, code) => {
      expect(await firstFault('/status', body)).toEqual([400, field, code]);
    });
  });

  describe('its priority', () => {
    it.each(TICKET_PRIORITIES)('becomes %s, and the status stays', async (priority) => {
      const { id } = await project.createTicket();
      const { status, body } = await patch(id, '/priority', { priority });
      expect([status, body.priority, body.status]).toEqual([200, priority, 'new']);
      expect(body.version).toBe(priority === 'normal' ? 1 : 2);
    });

    it('is none but the four', async () => {
      expect(await firstFault('/priority', { priority: 'critical' })).toEqual([400, 'priority', 'enum']);
    });
  });

  describe('its assignment', () => {
    it.each([['assigned_to'], ['user_id']])('is given by %s, and cleared by null or nothing', async (name) => {
      const { id } = await project.createTicket();
      expect((await patch(id, '/assign', { [name]: agent })).body.assigned_to).toBe(agent);
      expect((await patch(id, '/assign', { [name]: null })).body.assigned_to).toBeNull();
      await patch(id, '/assign', { [name]: agent.toUpperCase() });
      expect((await patch(id, '/assign', {})).body).toMatchObject({ assigned_to: null, status: 'new', version: 5 });
    });

    it('tells of a clearing too', async () => {
      const fresh = await service.createProject();
      const member = await fresh.addMember();
      const { id } = await fresh.createTicket();
      for (const assigned_to of [member, member, null]) {
        await fresh.request('PATCH', `${API}/tickets/${id}/assign`, { body: { assigned_to } });
      }
      const events = await readEvents(fresh, 3);
      expect(events.map(({ event, data }) => [event, data.changes?.['assigned_to']])).toEqual([
        ['ticket.created', undefined],
        ['ticket.assigned', { from: null, to: member }],
        ['ticket.assigned', { from: member, to: null }],
      ]);
      expect(events[2]?.data.ticket?.assigned_to).toBeNull();
    });

    it.each(['owner', 'admin', 'support'] as const)('may be to an %s', async (role) => {
      const { id } = await project.createTicket();
      const member = await project.addMember({ role });
      expect((await patch(id, '/assign', { assigned_to: member })).body.assigned_to).toBe(member);
    });

    it('is to no viewer, no member who has left, no other project’s member and no stranger', async () => {
      const other = await service.createProject();
      const gone = await project.addMember();
      await service.db.sql('UPDATE member SET removed_at = now() WHERE id = $1', [gone]);
      const strangers = [await project.addMember({ role: 'viewer' }), gone, await other.addMember(), randomUUID()];
      for (const assigned_to of strangers) {
        expect(await firstFault('/assign', { assigned_to })).toEqual([400, 'assigned_to', 'not_found']);
      }
      expect(await firstFault('/assign', { assigned_to: '' })).toEqual([400, 'assigned_to', 'format']);
      expect(await firstFault('/assign', { assigned_to: agent, user_id: randomUUID() })).toEqual([
        400,
        'user_id',
        'duplicate',
      ]);
    });

    it('can be a compare-and-set: of two who take a free ticket one wins, and the other learns who', async () => {
      const { id } = await project.createTicket();
      const rivals = [agent, await project.addMember({ name: 'Petr' })];
      const answers = await Promise.all(
        rivals.map((assigned_to) => patch(id, '/assign', { assigned_to, expected_assigned_to: null })),
      );
      expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409]);
      const winner = answers.find(({ status }) => status === 200)?.body.assigned_to;
      const loser = answers.find(({ status }) => status === 409)?.body;
      expect([loser?.code, loser?.current?.assigned_to]).toEqual(['conflict', winner]);
      const handOver = await patch(id, '/assign', { assigned_to: null, expected_assigned_to: winner });
      expect([handOver.status, handOver.body.assigned_to]).toEqual([200, null]);
    });
  });

  describe('its subject, type and tags', () => {
    it('sets all that is given in one step, told of once', async () => {
      const fresh = await service.createProject();
      const bug = await fresh.addTicketType({ name: 'Bug' });
      const { id } = await fresh.createTicket({ subject: 'Old' });
      const body = { subject: 'New', ticket_type_id: bug, tags: ['vip'] };
      const answer = await fresh.request<TicketPayload>('PATCH', `${API}/tickets/${id}`, { body });
      expect(answer.body).toMatchObject({ ...body, ticket_type_name: 'Bug', version: 2 });
      const events = await readEvents(fresh, 3);
      expect(events.slice(1).map(({ event, data }) => [event, data.changes])).toEqual([
        ['ticket.updated', { ticket_type_id: { from: null, to: bug }, subject: { from: 'Old', to: 'New' } }],
        ['ticket.tags_changed', { tags: { from: [], to: ['vip'] } }],
      ]);
      const { history } = (await fresh.request<HistoryListBody>('GET', `${API}/tickets/${id}/history`)).body;
      expect(history.slice(1).map(({ field, to }) => [field, to])).toEqual([
        ['ticket_type_id', bug],
        ['subject', 'New'],
        ['tags', ['vip']],
      ]);
    });

    it('clears subject and type by null, and leaves what is not given', async () => {
      const { id } = await project.createTicket({ subject: 'x', ticket_type_id: type });
      await patch(id, '', { tags: ['a'] });
      const { body } = await patch(id, '', { subject: null, ticket_type_id: null });
      expect(body).toMatchObject({
        subject: null,
        ticket_type_id: null,
        ticket_type_name: null,
        tags: ['a'],
        version: 3,
      });
    });

    it('keeps the name of a type that was renamed or deleted since, and lets it stay', async () => {
      const old = await project.addTicketType({ name: 'Old name' });
      const { id } = await project.createTicket({ ticket_type_id: old });
      await service.db.sql(`UPDATE ticket_type SET name = 'New name', deleted_at = now() WHERE id = $1`, [old]);
      const { status, body } = await patch(id, '', { ticket_type_id: old, tags: ['x'] });
      expect([status, body.ticket_type_name]).toEqual([200, 'Old name']);
    });

    it('keeps of tags that differ only in case the spelling that came first', async () => {
      const { id } = await project.createTicket();
      expect((await patch(id, '', { tags: ['VIP', 'vip', 'Оплата', 'ОПЛАТА'] })).body.tags).toEqual(['VIP', 'Оплата']);
      expect((await patch(id, '', { tags: ['vip', 'оплата'] })).body).toMatchObject({
        tags: ['VIP', 'Оплата'],
        version: 2,
      });
    });

    it('takes letters of every script, up to 64 of them, and 20 tags', async () => {
      const { id } = await project.createTicket();
      const tags = ['ქართული', 'हिन्दी', '日本語', 'a-b_c9', 'x'.repeat(64)];
      expect((await patch(id, '', { tags })).body.tags).toEqual(tags);
      const many = Array.from({ length: 20 }, (_, n) => `tag${n}`);
      expect((await patch(id, '', { tags: many })).body.tags).toEqual(many);
    });

    it.each([
      [{}, 'subject', 'required'],
      [{ tags: null }, 'tags', 'type'],
      [{ tags: 'vip' }, 'tags', 'type'],
      [{ tags: ['two words'] }, 'tags', 'format'],
      [{ tags: [''] }, 'tags', 'length'],
      [{ tags: ['x'.repeat(65)] }, 'tags', 'length'],
      [{ tags: ['a,b'] }, 'tags', 'format'],
      [{ tags: ['😀'] }, 'tags', 'format'],
      [{ tags: [5] }, 'tags', 'type'],
      [{ tags: Array.from({ length: 21 }, (_, n) => `t${n}`) }, 'tags', 'max'],
      [{ subject: 'x'.repeat(201) }, 'subject', 'max'],
      [{ ticket_type_id: randomUUID() }, 'ticket_type_id', 'not_found'],
      [{ priority: 'high' }, 'priority', 'unknown_field'],
    ])('refuses %j', async (body, field, code) => {
      expect(await firstFault('', body)).toEqual([400, field, code]);
    });

    it('changes nothing when one of several fields is impossible', async () => {
      const ticket = await project.createTicket();
      const refused = await patch(ticket.id, '', { subject: 'New', ticket_type_id: randomUUID() });
      expect(refused.status).toBe(400);
      expect((await patch(ticket.id, '/status', { status: 'new' })).body).toEqual(ticket);
    });
  });

  describe('on the condition of a version', () => {
    const changes: Array<[string, object]> = [
      ['/status', { status: 'waiting' }],
      ['/priority', { priority: 'urgent' }],
      ['/assign', {}],
      ['', { subject: 'Other' }],
    ];

    it.each(changes)('PATCH %s happens at that version alone', async (what, body) => {
      const { id } = await project.createTicket();
      const stale = await patch(id, what, body, { 'If-Match': '"2"' });
      expect([stale.status, stale.body.code, stale.body.current?.id]).toEqual([412, 'version_mismatch', id]);
      for (const header of ['"1"', 'W/"1"', '1', '*']) {
        const ticket = await project.createTicket();
        expect((await patch(ticket.id, what, body, { 'If-Match': header })).status).toBe(200);
      }
    });

    it('one of two that come at once wins, and the other gets the ticket as it is now', async () => {
      for (let round = 0; round < 5; round++) {
        const { id } = await project.createTicket();
        const answers = await Promise.all([
          patch(id, '/status', { status: 'waiting' }, { 'If-Match': '"1"' }),
          patch(id, '/priority', { priority: 'urgent' }, { 'If-Match': '"1"' }),
        ]);
        expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 412]);
        const winner = answers.find(({ status }) => status === 200)?.body;
        const loser = answers.find(({ status }) => status === 412)?.body;
        expect(loser).toMatchObject({ code: 'version_mismatch', current: winner });
      }
    });

    it.each(['', 'abc', '"x"', '1.5', '-1'])('refuses %j, which is no version', async (header) => {
      const { id } = await project.createTicket();
      const { status, body } = await patch(id, '/status', { status: 'new' }, { 'If-Match': header });
      expect([status, body.details?.[0]?.field]).toEqual([400, 'If-Match']);
    });
  });

  it('never turns its time back, even when the clock of the process before was ahead', async () => {
    const { id } = await project.createTicket();
    const ahead = `UPDATE ticket SET updated_at = updated_at + interval '1 hour' WHERE id = $1 RETURNING updated_at`;
    const [{ updated_at } = { updated_at: new Date(0) }] = await service.db.sql<{ updated_at: Date }>(ahead, [id]);
    const { body } = await patch(id, '/status', { status: 'closed' });
    expect([body.updated_at, body.closed_at]).toEqual([updated_at.toISOString(), updated_at.toISOString()]);
  });

  it('applies all of many changes that come at once, each on top of the others', async () => {
    const { id } = await project.createTicket();
    const work = Array.from({ length: 30 }, (_, n) =>
      n % 3 === 0
        ? project.request<AddedMessageBody>('POST', `${API}/tickets/${id}/reply`, {
            body: { text: `${n}`, internal: true },
          })
        : patch(id, '/status', { status: n % 3 === 1 ? 'in_progress' : 'waiting' }),
    );
    const statuses = (await Promise.all(work)).map(({ status }) => status);
    expect(statuses.every((status) => status === 200 || status === 201)).toBe(true);
    const { body } = await project.request<TicketPayload>('GET', `${API}/tickets/${id}`);
    const { history } = (await project.request<HistoryListBody>('GET', `${API}/tickets/${id}/history`)).body;
    expect([body.note_count, body.version]).toEqual([10, history.length]);
  });
});
