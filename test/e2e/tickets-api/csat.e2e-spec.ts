import { randomUUID } from 'node:crypto';
import type { TicketPayload } from '#contracts';
import { API } from '../../support/answers';
import type { ErrorBody, EventBody, HistoryListBody } from '../../support/answers';
import { eventually } from '../../support/eventually';
import { readEvents } from '../../support/read-events';
import type { RequestOptions } from '../../support/send-request';
import type { TestProject } from '../../support/test-project';
import { startTestService } from '../../support/test-service';
import type { TestService } from '../../support/test-service';

const DAY = 24;

const ofType = (events: readonly EventBody[], type: string) => events.filter(({ event }) => event === type);

describe('CSAT', () => {
  let service: TestService;
  let project: TestProject;

  beforeAll(async () => {
    service = await startTestService();
  });
  afterAll(() => service.close());
  beforeEach(async () => {
    project = await service.createProject();
    await project.changeSettings({ csat_enabled: true });
  });

  const post = (id: string, body: object, options: RequestOptions = {}) =>
    project.request<TicketPayload & ErrorBody>('POST', `${API}/tickets/${id}/csat`, { body, ...options });
  const setStatus = async (id: string, status: string, key = project.liveKey) =>
    (await project.request<TicketPayload>('PATCH', `${API}/tickets/${id}/status`, { body: { status }, key })).body;
  const read = async (id: string, key = project.liveKey) =>
    (await project.request<TicketPayload>('GET', `${API}/tickets/${id}`, { key })).body;
  const aClosedTicket = async (fields = {}, key = project.liveKey) =>
    setStatus((await project.createTicket({ first_name: 'Ivan', ...fields }, key)).id, 'closed', key);
  const historyOf = async (id: string, key = project.liveKey) => {
    const { body } = await project.request<HistoryListBody>('GET', `${API}/tickets/${id}/history`, { key });
    return body.history.filter(({ action }) => action.startsWith('csat_'));
  };
  const expectRefusal = async (id: string, words: string, key = project.liveKey) => {
    const before = await read(id, key);
    const { status, body } = await post(id, { rating: 5 }, { key });
    expect([status, body.code, body.error]).toEqual([409, 'conflict', expect.stringContaining(words)]);
    expect(await read(id, key)).toEqual(before);
  };

  describe('a question', () => {
    it.each<[string, string, string, object]>([
      ['a change of status', 'PATCH', '/status', { status: 'closed' }],
      ['an answer', 'POST', '/reply', { text: 'Done', status: 'closed' }],
      ['a note', 'POST', '/reply', { text: 'Done', internal: true, status: 'closed' }],
    ])('follows the close by %s', async (_way, method, path, body) => {
      const { id } = await project.createTicket();
      expect((await project.request(method, `${API}/tickets/${id}${path}`, { body })).status).toBeLessThan(300);
      expect(await read(id)).toMatchObject({ csat_status: 'requested', csat_rating: null, version: 2 });
      const events = await readEvents(project, method === 'POST' ? 4 : 3);
      expect(events.at(-1)).toMatchObject({
        event: 'ticket.closed',
        data: { csat: 'requested', ticket: { csat_status: 'requested', version: 2 } },
      });
      expect(await historyOf(id)).toMatchObject([
        { action: 'csat_requested', field: 'csat_status', from: 'none', to: 'requested', actor: { type: 'system' } },
      ]);
    });

    it('follows each close of a bulk action, and none where nobody can be reached', async () => {
      const virtual = await project.createTicket();
      const reachable = await project.createTicket({ channel: 'telegram', chat_id: 1 });
      const blocked = await project.createTicket({ channel: 'max', chat_id: 2 });
      await service.db.sql('UPDATE subscriber SET reachable = false WHERE id = $1', [blocked.subscriber_id]);
      const ids = [virtual, reachable, blocked].map(({ id }) => id);
      await project.request('POST', `${API}/tickets/bulk`, { body: { ticket_ids: ids, action: 'close' } });
      const states = await Promise.all(ids.map(async (id) => (await read(id)).csat_status));
      expect(states).toEqual(['requested', 'requested', 'skipped']);
      const closes = ofType(await readEvents(project, 11), 'ticket.closed');
      expect(closes.map(({ data }) => data.csat).toSorted()).toEqual(['requested', 'requested', 'skipped']);
      await expectRefusal(reachable.id, 'on telegram');
      await expectRefusal(blocked.id, 'on max');
      await service.db.sql('UPDATE subscriber SET reachable = true WHERE id = $1', [blocked.subscriber_id]);
      await setStatus(blocked.id, 'in_progress');
      expect((await setStatus(blocked.id, 'closed')).csat_status).toBe('requested');
    });

    it('is not asked while csat_enabled is off', async () => {
      await project.changeSettings({ csat_enabled: false });
      const { id, csat_status } = await aClosedTicket();
      expect(csat_status).toBe('none');
      expect((await readEvents(project, 3)).at(-1)?.data.csat).toBe('none');
      await expectRefusal(id, 'was not asked');
    });

    it('is not asked by what leaves the ticket open', async () => {
      const { id } = await project.createTicket();
      await project.request('POST', `${API}/tickets/${id}/reply`, { body: { text: 'Hello' } });
      expect((await read(id)).csat_status).toBe('none');
      await expectRefusal(id, 'was not asked');
    });

    it('is taken back by a reopening, whoever reopens, and asked anew by the next close', async () => {
      const { id } = await aClosedTicket();
      expect((await setStatus(id, 'in_progress')).csat_status).toBe('withdrawn');
      await expectRefusal(id, 'taken back');
      expect((await setStatus(id, 'closed')).csat_status).toBe('requested');
      await project.request('POST', `${API}/tickets/${id}/customer-reply`, { body: { text: 'It is broken again' } });
      expect(await read(id)).toMatchObject({ status: 'in_progress', csat_status: 'withdrawn' });
      await setStatus(id, 'closed');
      expect((await post(id, { rating: 3 })).status).toBe(200);
      expect((await historyOf(id)).map(({ action }) => action)).toEqual([
        'csat_requested',
        'csat_withdrawn',
        'csat_requested',
        'csat_withdrawn',
        'csat_requested',
        'csat_rated',
      ]);
    });

    it('goes on when csat_enabled is switched off after it was asked', async () => {
      const { id } = await aClosedTicket();
      await project.changeSettings({ csat_enabled: false });
      expect((await post(id, { rating: 4 })).body.csat_status).toBe('rated');
    });
  });

  describe('a rating', () => {
    it('is on the ticket, in its history and in an event, by the customer', async () => {
      const { id, subscriber_id, version } = await aClosedTicket({ external_id: 'customer-1' });
      const answer = await post(id, { rating: 4, comment: 'Быстро 👍\nThanks' });
      expect(answer.status).toBe(200);
      expect(answer.body).toMatchObject({
        id,
        status: 'closed',
        csat_rating: 4,
        csat_comment: 'Быстро 👍\nThanks',
        csat_status: 'rated',
        version: version + 1,
      });
      expect(answer.headers.get('etag')).toBe(`"${version + 1}"`);
      expect(await read(id)).toMatchObject(answer.body);

      const customer = { type: 'customer', id: subscriber_id, name: 'Ivan' };
      expect(ofType(await readEvents(project, 5), 'ticket.csat_received')).toMatchObject([
        {
          data: {
            ticket: answer.body,
            rating: 4,
            comment: 'Быстро 👍\nThanks',
            changed: false,
            actor: customer,
            changes: { csat_rating: { from: null, to: 4 } },
          },
        },
      ]);
      const [rated] = (await historyOf(id)).filter(({ field }) => field === 'csat_rating');
      expect(rated).toMatchObject({ action: 'csat_rated', from: null, to: 4, actor: customer });
    });

    it('can be changed; the same again is no change', async () => {
      const { id, version } = await aClosedTicket();
      const given: Array<[object, number, string | null, number]> = [
        [{ rating: 2 }, 2, null, 1],
        [{ rating: 2 }, 2, null, 1],
        [{ rating: 2, comment: '   ' }, 2, null, 1],
        [{ rating: 2, comment: 'Slow' }, 2, 'Slow', 2],
        [{ rating: 5 }, 5, 'Slow', 3],
        [{ rating: 5, comment: 'Slow' }, 5, 'Slow', 3],
        [{ rating: 5, comment: '' }, 5, null, 4],
      ];
      for (const [body, rating, comment, changes] of given) {
        const answer = await post(id, body);
        expect([answer.status, answer.body.csat_rating, answer.body.csat_comment, answer.body.version]).toEqual([
          200,
          rating,
          comment,
          version + changes,
        ]);
      }
      const events = ofType(await readEvents(project, 7), 'ticket.csat_received');
      expect(events.map(({ data: { rating, comment, changed } }) => [rating, comment, changed])).toEqual([
        [2, null, false],
        [2, 'Slow', true],
        [5, 'Slow', true],
        [5, null, true],
      ]);
    });

    it('stays when the ticket is opened and closed again, which then asks nothing', async () => {
      const { id } = await aClosedTicket();
      await post(id, { rating: 1 });
      expect((await setStatus(id, 'in_progress')).csat_status).toBe('rated');
      expect(await setStatus(id, 'closed')).toMatchObject({ csat_status: 'rated', csat_rating: 1 });
      expect((await readEvents(project, 8)).at(-1)?.data.csat).toBe('none');
      expect((await post(id, { rating: 3 })).body.csat_rating).toBe(3);
    });

    it.each<[string, object, string, string]>([
      ['nothing', {}, 'rating', 'required'],
      ['null', { rating: null }, 'rating', 'required'],
      ['too low', { rating: 0 }, 'rating', 'min'],
      ['too high', { rating: 6 }, 'rating', 'max'],
      ['a fraction', { rating: 4.5 }, 'rating', 'type'],
      ['a text', { rating: '5' }, 'rating', 'type'],
      ['a long comment', { rating: 5, comment: 'x'.repeat(1001) }, 'comment', 'max'],
      ['a comment that is no text', { rating: 5, comment: 5 }, 'comment', 'type'],
      ['something else', { rating: 5, score: 5 }, 'score', 'unknown_field'],
    ])('is refused when it is %s', async (_name, body, field, code) => {
      const { id } = await aClosedTicket();
      const { status, body: error } = await post(id, body);
      expect([status, error.code]).toEqual([400, 'validation_failed']);
      expect(error.details).toEqual([expect.objectContaining({ field, code })]);
    });

    it('takes a comment of 1,000', async () => {
      const { id } = await aClosedTicket();
      expect((await post(id, { rating: 5, comment: '👍'.repeat(500) })).body.csat_comment).toHaveLength(1000);
    });

    it('honours If-Match and Idempotency-Key, and is refused while the helpdesk is off', async () => {
      const { id, version } = await aClosedTicket();
      const stale = await post(id, { rating: 5 }, { headers: { 'If-Match': `"${version - 1}"` } });
      expect([stale.status, stale.body.code, stale.body.current?.csat_status]).toEqual([
        412,
        'version_mismatch',
        'requested',
      ]);
      const headers = { 'If-Match': `"${version}"`, 'Idempotency-Key': randomUUID() };
      const first = await post(id, { rating: 5 }, { headers });
      await post(id, { rating: 4 });
      const repeat = await post(id, { rating: 5 }, { headers });
      expect([first.status, repeat.status, repeat.headers.get('idempotent-replayed')]).toEqual([200, 200, 'true']);
      expect(repeat.body).toEqual(first.body);
      expect((await read(id)).csat_rating).toBe(4);
      await project.changeSettings({ helpdesk_enabled: false });
      const off = await post(id, { rating: 3 });
      expect([off.status, off.body.code]).toEqual([403, 'helpdesk_disabled']);
    });

    it('given many times at once leaves one chain of changes', async () => {
      const { id } = await aClosedTicket();
      const answers = await Promise.all([1, 2, 3, 4, 5, 1, 2, 3, 4, 5].map((rating) => post(id, { rating })));
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
      const { csat_rating, version } = await read(id);
      const events = ofType(await readEvents(project, version + 1), 'ticket.csat_received');
      expect(events).toHaveLength(version - 2);
      let before: unknown = null;
      for (const { data } of events) {
        expect(data.changes?.['csat_rating']).toEqual({ from: before, to: data.rating });
        expect(data.changed).toBe(before !== null);
        before = data.rating;
      }
      expect(csat_rating).toBe(before);
    });
  });

  describe('the time for a rating', () => {
    it('ends by the clock of the side, with a line of history and without an event', async () => {
      const key = project.testKey;
      await project.changeSettings({ csat_expire_days: 2 });
      const [open, rated, live] = [await aClosedTicket({}, key), await aClosedTicket({}, key), await aClosedTicket()];
      await post(rated.id, { rating: 5 }, { key });
      await project.advanceTestClock(2 * DAY - 1);
      expect((await post(rated.id, { rating: 4 }, { key })).status).toBe(200);
      await project.advanceTestClock(1.5);
      const expired = await eventually(async () => {
        const ticket = await read(open.id, key);
        expect(ticket.csat_status).toBe('expired');
        return ticket;
      });
      expect(expired.version).toBe(open.version + 1);
      expect((await historyOf(open.id, key)).at(-1)).toMatchObject({
        action: 'csat_expired',
        field: 'csat_status',
        from: 'requested',
        to: 'expired',
        actor: { type: 'system' },
      });
      await expectRefusal(open.id, 'is over', key);
      expect((await read(rated.id, key)).csat_status).toBe('rated');
      expect((await read(live.id)).csat_status).toBe('requested');

      await setStatus(open.id, 'in_progress', key);
      expect((await setStatus(open.id, 'closed', key)).csat_status).toBe('requested');
      expect((await post(open.id, { rating: 2 }, { key })).body.csat_status).toBe('rated');
      const types = (await readEvents(project, 13, key)).filter(({ data }) => data.ticket?.id === open.id);
      expect(types.map(({ event }) => event)).toEqual([
        'ticket.created',
        'ticket.status_changed',
        'ticket.closed',
        'ticket.status_changed',
        'ticket.reopened',
        'ticket.status_changed',
        'ticket.closed',
        'ticket.csat_received',
      ]);
    });

    it('is over for a question and for an answer alike, whether a scan has come or not', async () => {
      const [open, rated] = [await aClosedTicket(), await aClosedTicket()];
      await post(rated.id, { rating: 4 });
      await service.db.sql(`UPDATE ticket SET csat_expires_at = now() - interval '1 second' WHERE id = ANY ($1)`, [
        [open.id, rated.id],
      ]);
      await expectRefusal(open.id, 'is over');
      await expectRefusal(rated.id, 'is over');
      expect((await setStatus(open.id, 'in_progress')).csat_status).toBe('expired');
    });

    it('is that of the settings when the question was asked', async () => {
      const key = project.testKey;
      const long = await aClosedTicket({}, key);
      await project.changeSettings({ csat_expire_days: 1 });
      const short = await aClosedTicket({}, key);
      await project.advanceTestClock(6 * DAY);
      await eventually(async () => expect((await read(short.id, key)).csat_status).toBe('expired'));
      expect((await read(long.id, key)).csat_status).toBe('requested');
      expect((await post(long.id, { rating: 5 }, { key })).status).toBe(200);
    });
  });
});
