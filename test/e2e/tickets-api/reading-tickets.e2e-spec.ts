import { randomUUID } from 'node:crypto';
import type { TicketPayload } from '#contracts';
import { API } from '../../support/answers';
import type {
  ErrorBody,
  HistoryListBody,
  MessageListBody,
  TicketDetailsBody,
  TicketListBody,
} from '../../support/answers';
import type { TestProject } from '../../support/test-project';
import { startTestService } from '../../support/test-service';
import type { TestService } from '../../support/test-service';

const LISTS = ['tickets', 'agents', 'subscribers'];

const numbers = (list: TicketListBody) => list.tickets.map((ticket) => ticket.ticket_number);

const said = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => `${from + n}`);

const texts = (body: { readonly messages: ReadonlyArray<{ readonly text: string }> }) =>
  body.messages.map(({ text }) => text);

describe('reading tickets', () => {
  let service: TestService;
  let project: TestProject;
  let tickets: TicketPayload[];

  beforeAll(async () => {
    service = await startTestService();
    project = await service.createProject();
    tickets = [];
    for (let n = 1; n <= 7; n++) {
      tickets.push(await project.createTicket({ text: `Question ${n}`, channel: 'telegram', chat_id: n }));
    }
  });
  afterAll(() => service.close());

  const get = <Body = ErrorBody>(path: string) => project.request<Body>('GET', `${API}${path}`);

  describe('as a list', () => {
    it('answers with the envelope of every list, newest first', async () => {
      const { status, body } = await get<TicketListBody>('/tickets');
      expect(status).toBe(200);
      expect(body).toEqual({ tickets: tickets.toReversed(), total: 7, limit: 50, offset: 0, next_cursor: null });
    });

    it('pages by offset, with the total', async () => {
      const { body } = await get<TicketListBody>('/tickets?limit=2&offset=3&sort=created_at');
      expect(numbers(body)).toEqual([4, 5]);
      expect(body).toMatchObject({ total: 7, limit: 2, offset: 3, next_cursor: expect.any(String) });
      const beyond = await get<TicketListBody>('/tickets?offset=10000');
      expect(beyond.body).toEqual({ tickets: [], total: 7, limit: 50, offset: 10_000, next_cursor: null });
    });

    it('pages by cursor, without the total, to the end', async () => {
      const first = (await get<TicketListBody>('/tickets?limit=3')).body;
      const second = (await get<TicketListBody>(`/tickets?limit=3&cursor=${first.next_cursor}`)).body;
      const third = (await get<TicketListBody>(`/tickets?limit=3&cursor=${second.next_cursor}`)).body;
      expect([first, second, third].map(numbers)).toEqual([[7, 6, 5], [4, 3, 2], [1]]);
      expect('total' in second).toBe(false);
      expect([second.limit, third.next_cursor]).toEqual([3, null]);
    });

    it('goes on from an offset page by its cursor', async () => {
      const page = (await get<TicketListBody>('/tickets?limit=2&offset=1')).body;
      expect(numbers((await get<TicketListBody>(`/tickets?limit=2&cursor=${page.next_cursor}`)).body)).toEqual([4, 3]);
    });

    it.each([
      ['limit=0', 'limit', 'min'],
      ['limit=101', 'limit', 'max'],
      ['limit=-1', 'limit', 'min'],
      ['limit=ten', 'limit', 'type'],
      ['limit=1.5', 'limit', 'type'],
      ['limit=', 'limit', 'type'],
      ['offset=10001', 'offset', 'max'],
      ['offset=-1', 'offset', 'min'],
      ['limit=1&limit=2', 'limit', 'type'],
      ['page=2', 'page', 'unknown_field'],
      ['cursor=%21%21', 'cursor', 'format'],
      ['cursor=abcdef', 'cursor', 'format'],
    ])('refuses %s in every list', async (query, field, code) => {
      for (const list of LISTS) {
        const { status, body } = await get(`/${list}?${query}`);
        const [detail] = body.details ?? [];
        expect([list, status, detail?.field, detail?.code]).toEqual([list, 400, field, code]);
      }
    });

    it('takes a cursor for the list and order that gave it out alone, and not beside an offset', async () => {
      const { next_cursor } = (await get<TicketListBody>('/tickets?limit=1')).body;
      const refused = [
        `/tickets?cursor=${next_cursor}&sort=priority`,
        `/tickets?cursor=${next_cursor}&offset=1`,
        `/subscribers?cursor=${next_cursor}`,
        `/agents?cursor=${next_cursor}`,
        `/tickets/${tickets[0]?.id}/messages?cursor=${next_cursor}`,
        `/events?after=${next_cursor}`,
      ];
      for (const path of refused) {
        expect([path, (await get(path)).body.code]).toEqual([path, 'validation_failed']);
      }
    });

    it('refuses a cursor that was tampered with, whatever it holds, and never fails over it', async () => {
      const forged = [
        ['tickets', { sort: '-created_at', keys: ['2026-02-31T00:00:00.000000Z', randomUUID()] }],
        ['tickets', { sort: '-created_at', keys: ['infinity', randomUUID()] }],
        ['tickets', { sort: '-created_at', keys: ["'; DROP TABLE ticket; --", randomUUID()] }],
        ['tickets', { sort: '-created_at', keys: ['2026-11-24T00:00:00.000000Z', 'x'] }],
        ['tickets', { sort: '-created_at', keys: ['2026-11-24T00:00:00.000000Z'] }],
        ['tickets', { sort: '-created_at', keys: null }],
        ['tickets', { sort: 'toString', keys: [] }],
        ['tickets', null],
        ['tickets'],
        'tickets',
        42,
        null,
      ];
      for (const content of forged) {
        const cursor = Buffer.from(JSON.stringify(content)).toString('base64url');
        const { status, body } = await get(`/tickets?cursor=${cursor}`);
        expect([content, status, body.code]).toEqual([content, 400, 'validation_failed']);
      }
    });

    it.each([
      'status=new,closed',
      'assigned_to=none',
      'priority=normal',
      'channel=telegram',
      'unanswered=true',
      'created_after=2020-01-01T00:00:00Z',
      'created_before=2100-01-01',
      'updated_after=2020-01-01T03:00:00%2B03:00',
      'q=questions',
      'q=',
      'q=%20',
      'tag=',
    ])('takes the filter %s', async (filter) => {
      expect((await get<TicketListBody>(`/tickets?${filter}`)).body.total).toBe(7);
    });

    it.each([
      'status=closed',
      'tag=vip',
      'q=nothing',
      'sla=breached',
      'sla=at_risk',
      'unanswered=false',
      'priority=low',
    ])('finds nothing by %s', async (filter) => {
      expect((await get<TicketListBody>(`/tickets?${filter}`)).body).toMatchObject({ tickets: [], total: 0 });
    });

    it('finds by several filters, in an order, page by page', async () => {
      const query = 'q=question&channel=telegram&sort=created_at&limit=4';
      const first = (await get<TicketListBody>(`/tickets?${query}`)).body;
      const second = (await get<TicketListBody>(`/tickets?${query}&cursor=${first.next_cursor}`)).body;
      expect([first, second].map(numbers)).toEqual([
        [1, 2, 3, 4],
        [5, 6, 7],
      ]);
      const subscriber = tickets[2]?.subscriber_id;
      expect(numbers((await get<TicketListBody>(`/tickets?subscriber_id=${subscriber}`)).body)).toEqual([3]);
    });

    it('takes created_after as from that moment on, and created_before as until just before it', async () => {
      const moment = tickets[3]?.created_at ?? '';
      const [since, before] = [true, false].map((late) => tickets.filter((one) => one.created_at >= moment === late));
      const after = await get<TicketListBody>(`/tickets?limit=1&created_after=${moment}`);
      const until = await get<TicketListBody>(`/tickets?limit=1&created_before=${moment}`);
      expect([after.body.total, until.body.total]).toEqual([since?.length, before?.length]);
    });

    it.each([
      ['status=open', 'status', 'enum'],
      ['status=new,', 'status', 'enum'],
      ['assigned_to=me', 'assigned_to', 'format'],
      ['priority=high,low', 'priority', 'enum'],
      ['channel=sms', 'channel', 'enum'],
      ['ticket_type_id=1', 'ticket_type_id', 'format'],
      ['subscriber_id=1', 'subscriber_id', 'format'],
      ['created_after=yesterday', 'created_after', 'format'],
      ['created_before=2026-02-31', 'created_before', 'format'],
      ['updated_after=1732440000', 'updated_after', 'format'],
      ['sla=late', 'sla', 'enum'],
      ['unanswered=1', 'unanswered', 'type'],
      ['sort=id', 'sort', 'enum'],
      ['sort=-priority', 'sort', 'enum'],
      ['q=a%00b', 'q', 'forbidden_characters'],
      [`q=${'x'.repeat(201)}`, 'q', 'max'],
      ['stauts=new', 'stauts', 'unknown_field'],
      ['status[]=new', 'status[]', 'unknown_field'],
      ['__proto__=x', '__proto__', 'unknown_field'],
    ])('refuses %s', async (query, field, code) => {
      const { status, body } = await get(`/tickets?${query}`);
      const [detail] = body.details ?? [];
      expect([status, detail?.field, detail?.code]).toEqual([400, field, code]);
    });
  });

  describe('by id or number', () => {
    it('answers alike, with the ETag of the version', async () => {
      const byId = await get<TicketDetailsBody>(`/tickets/${tickets[1]?.id}`);
      const byNumber = await get<TicketDetailsBody>('/tickets/by-number/2');
      expect(byId.body).toEqual(byNumber.body);
      expect(byId.body).toEqual({ ...tickets[1], messages: [expect.any(Object)], messages_next_cursor: null });
      expect([byId.headers.get('etag'), byNumber.headers.get('etag')]).toEqual(['"1"', '"1"']);
      expect((await get<TicketDetailsBody>(`/tickets/${tickets[1]?.id.toUpperCase()}`)).body.id).toBe(tickets[1]?.id);
    });

    it('answers another project’s id, an unknown one and what is no id in the very same words', async () => {
      const foreign = await (await service.createProject()).createTicket();
      const paths = [
        foreign.id,
        randomUUID(),
        'not-a-uuid',
        'by-number/8',
        'by-number/0',
        'by-number/x',
        'by-number/99999999999',
      ];
      for (const path of paths) {
        const { status, body } = await get(`/tickets/${path}`);
        const { request_id: _id, ...rest } = body;
        expect([path, status, rest]).toEqual([
          path,
          404,
          {
            error: expect.any(String),
            code: 'ticket_not_found',
            retryable: false,
            docs_url: expect.stringMatching(/\/docs\/errors#ticket_not_found$/),
          },
        ]);
      }
      const words = await Promise.all(paths.map(async (path) => (await get(`/tickets/${path}`)).body.error));
      expect(new Set(words).size).toBe(1);
    });

    it('refuses query parameters, for there are none', async () => {
      const { status, body } = await get(`/tickets/${tickets[0]?.id}?expand=messages`);
      expect([status, body.details?.[0]?.code]).toEqual([400, 'unknown_field']);
    });
  });

  describe('message by message', () => {
    let long: TicketPayload;

    beforeAll(async () => {
      long = await project.createTicket({ text: '1' });
      const path = `${API}/tickets/${long.id}/reply`;
      for (const text of said(2, 105)) {
        await project.request('POST', path, { body: { text, internal: Number(text) % 2 === 0 } });
      }
    });

    it('shows the latest 100 in the details, and leads to the older ones', async () => {
      const details = (await get<TicketDetailsBody>(`/tickets/${long.id}`)).body;
      expect(texts(details)).toEqual(said(6, 105));
      const older = `/tickets/${long.id}/messages?limit=3&cursor=${details.messages_next_cursor}`;
      const page = (await get<MessageListBody>(older)).body;
      expect(texts(page)).toEqual(said(3, 5));
      const oldest = (await get<MessageListBody>(`/tickets/${long.id}/messages?cursor=${page.next_cursor}`)).body;
      expect([texts(oldest), oldest.next_cursor]).toEqual([said(1, 2), null]);
    });

    it('lists all from the first, by offset or by cursor', async () => {
      const first = (await get<MessageListBody>(`/tickets/${long.id}/messages`)).body;
      expect(texts(first)).toEqual(said(1, 50));
      expect(first).toMatchObject({ total: 105, limit: 50, offset: 0 });
      const next = (await get<MessageListBody>(`/tickets/${long.id}/messages?limit=100&cursor=${first.next_cursor}`))
        .body;
      expect([texts(next), next.next_cursor, 'total' in next]).toEqual([said(51, 105), null, false]);
      const last = (await get<MessageListBody>(`/tickets/${long.id}/messages?offset=104`)).body;
      expect(texts(last)).toEqual(['105']);
    });

    it('takes the cursor of this ticket’s messages alone', async () => {
      const { next_cursor } = (await get<MessageListBody>(`/tickets/${long.id}/messages?limit=1`)).body;
      for (const path of [`/tickets/${tickets[0]?.id}/messages`, `/tickets/${long.id}/history`]) {
        expect((await get(`${path}?cursor=${next_cursor}`)).body.details?.[0]?.field).toBe('cursor');
      }
    });

    it('lists the history in pages', async () => {
      const path = `/tickets/${long.id}/history?limit=2`;
      const first = (await get<HistoryListBody>(path)).body;
      const second = (await get<HistoryListBody>(`${path}&cursor=${first.next_cursor}`)).body;
      // Of 104 replies one public answer changed the status from new to waiting.
      expect(first.total).toBe(106);
      expect([...first.history, ...second.history].map(({ action }) => action)).toEqual([
        'created',
        'note_added',
        'replied',
        'status_changed',
      ]);
    });

    it('has neither for a ticket that is not there', async () => {
      for (const part of ['messages', 'history']) {
        expect((await get(`/tickets/${randomUUID()}/${part}`)).body.code).toBe('ticket_not_found');
      }
    });
  });
});
