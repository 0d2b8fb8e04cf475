import type { TenantIds } from './tenant';

/** A request of an operation that works with a tenant's own ids. */
export interface ProbeRequest {
  /** The id parameters that this request is there to try; the path's among them. */
  readonly tries: readonly string[];
  readonly path?: Readonly<Record<string, string | number>>;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: Readonly<Record<string, unknown>>;
  /** What it answers with a tenant's own ids; 2xx unless given. */
  readonly expected?: number;
}

/** What a change of the configuration answers: the test side may read it alone. */
const onLive = (side: 'live' | 'test', status: number): number => (side === 'live' ? status : 403);

type Requests = Readonly<Record<string, (ids: TenantIds, side: 'live' | 'test') => readonly ProbeRequest[]>>;

const ofTicket = ({ ticket }: TenantIds) => ({ id: ticket ?? '' });

/** Requests by operation, which together try every id parameter. The sweep fails when one is missing. */
export const PROBE_REQUESTS: Requests = {
  createTicket: (ids) => [
    { tries: ['ticket_type_id'], body: { text: 'Hello', ticket_type_id: ids['ticket_type'] } },
    { tries: ['external_id'], body: { text: 'Hello', external_id: ids['external_id'] } },
    { tries: ['chat_id'], body: { text: 'Hello', channel: 'telegram', chat_id: ids['chat_id'] } },
  ],
  listTickets: (ids) =>
    [
      ['assigned_to', 'agent'],
      ['ticket_type_id', 'ticket_type'],
      ['subscriber_id', 'subscriber'],
      ['cursor', 'cursor of listTickets'],
      ['q', 'word'],
      ['tag', 'word'],
    ].map(([name = '', kind = '']) => ({ tries: [name], query: { [name]: ids[kind] ?? '' } })),
  bulkUpdateTickets: (ids) => [
    { tries: ['ticket_ids'], body: { ticket_ids: [ids['ticket']], action: 'set_priority', value: 'high' } },
    { tries: ['value'], body: { ticket_ids: [ids['ticket']], action: 'assign', value: ids['agent'] } },
  ],
  getTicketByNumber: (ids) => [{ tries: ['number'], path: { number: ids['ticket_number'] ?? 0 } }],
  getTicket: (ids) => [{ tries: ['id'], path: ofTicket(ids) }],
  updateTicket: (ids) => [
    { tries: ['id', 'ticket_type_id'], path: ofTicket(ids), body: { ticket_type_id: ids['ticket_type'] } },
  ],
  changeTicketStatus: (ids) => [{ tries: ['id'], path: ofTicket(ids), body: { status: 'in_progress' } }],
  setTicketPriority: (ids) => [{ tries: ['id'], path: ofTicket(ids), body: { priority: 'urgent' } }],
  rateTicket: (ids) => [
    { tries: ['id'], path: { id: ids['asked_ticket'] ?? '' }, body: { rating: 4, comment: 'Fine' } },
  ],
  assignTicket: (ids) => [
    { tries: ['id', 'assigned_to'], path: ofTicket(ids), body: { assigned_to: ids['agent'] } },
    { tries: ['user_id'], path: ofTicket(ids), body: { user_id: ids['agent'] } },
    {
      tries: ['expected_assigned_to'],
      path: ofTicket(ids),
      body: { assigned_to: ids['agent'], expected_assigned_to: ids['agent'] },
    },
  ],
  replyToTicket: (ids) => [
    {
      tries: ['id', 'agent_id', 'canned_response_id', 'if_last_message_id'],
      path: ofTicket(ids),
      body: {
        text: 'A note',
        internal: true,
        agent_id: ids['agent'],
        canned_response_id: ids['canned_response'],
        if_last_message_id: ids['message'],
      },
    },
  ],
  listTicketMessages: (ids) => [
    { tries: ['id'], path: ofTicket(ids) },
    { tries: ['cursor'], path: ofTicket(ids), query: { cursor: ids['cursor of listTicketMessages'] ?? '' } },
  ],
  listTicketHistory: (ids) => [
    { tries: ['id'], path: ofTicket(ids) },
    { tries: ['cursor'], path: ofTicket(ids), query: { cursor: ids['cursor of listTicketHistory'] ?? '' } },
  ],
  listAgents: (ids) => [{ tries: ['cursor'], query: { cursor: ids['cursor of listAgents'] ?? '' } }],
  listSubscribers: (ids) => [{ tries: ['cursor'], query: { cursor: ids['cursor of listSubscribers'] ?? '' } }],
  getSubscriber: (ids) => [{ tries: ['id'], path: { id: ids['subscriber'] ?? '' } }],
  listEvents: (ids) => [
    { tries: ['after'], query: { after: ids['cursor of listEvents'] ?? '' } },
    { tries: [], query: { limit: 100 } },
  ],
  streamEvents: (ids) => [{ tries: ['after'], query: { after: ids['cursor of streamEvents'] ?? '' } }],
  getUsage: () => [{ tries: [] }],
  getSlaReport: () => [{ tries: [], query: { group_by: 'agent' } }],
  getSettings: () => [{ tries: [] }],
  updateSettings: (_ids, side) => [{ tries: [], body: { csat_expire_days: 14 }, expected: onLive(side, 200) }],
  listTicketTypes: (ids) => [{ tries: ['cursor'], query: { cursor: ids['cursor of listTicketTypes'] ?? '' } }],
  listAllTicketTypes: (ids) => [{ tries: ['cursor'], query: { cursor: ids['cursor of listAllTicketTypes'] ?? '' } }],
  createTicketType: (_ids, side) => [{ tries: [], body: { name: 'Delivery' }, expected: onLive(side, 201) }],
  updateTicketType: (ids, side) => [
    { tries: ['id'], path: { id: ids['ticket_type'] ?? '' }, body: { sort_order: 7 }, expected: onLive(side, 200) },
  ],
  listCannedResponses: (ids) => [{ tries: ['cursor'], query: { cursor: ids['cursor of listCannedResponses'] ?? '' } }],
  createCannedResponse: (_ids, side) => [
    { tries: [], body: { title: 'Bye', text: 'Bye, {{first_name}}' }, expected: onLive(side, 201) },
  ],
  updateCannedResponse: (ids, side) => [
    {
      tries: ['id'],
      path: { id: ids['canned_response'] ?? '' },
      body: { shortcut: 'hi' },
      expected: onLive(side, 200),
    },
  ],
  renderCannedResponse: (ids) => [
    { tries: ['id', 'ticket_id'], path: { id: ids['canned_response'] ?? '' }, body: { ticket_id: ids['ticket'] } },
  ],
  listRoutingRules: (ids) => [{ tries: ['cursor'], query: { cursor: ids['cursor of listRoutingRules'] ?? '' } }],
  createRoutingRule: (_ids, side) => [
    {
      tries: [],
      body: { name: 'Refunds', condition: { text_contains: 'refund' }, action: { add_tag: 'refund' } },
      expected: onLive(side, 201),
    },
  ],
  updateRoutingRule: (ids, side) => [
    { tries: ['id'], path: { id: ids['routing_rule'] ?? '' }, body: { order_index: 7 }, expected: onLive(side, 200) },
  ],
  simulateRouting: () => [{ tries: [], body: {} }],
  getTicketRouting: (ids) => [{ tries: ['id'], path: ofTicket(ids) }],
  listConfigHistory: (ids) => [
    { tries: ['object_id'], query: { object_id: ids['config_object'] ?? '' } },
    { tries: ['cursor'], query: { cursor: ids['cursor of listConfigHistory'] ?? '' } },
  ],
  // It adds a public message, so it comes behind what names the last one.
  addCustomerReply: (ids) => [{ tries: ['id'], path: ofTicket(ids), body: { text: 'And one thing more' } }],
  // They take away what others stand on.
  deleteTicketType: (ids, side) => [
    { tries: ['id'], path: { id: ids['ticket_type'] ?? '' }, expected: onLive(side, 204) },
  ],
  deleteCannedResponse: (ids, side) => [
    { tries: ['id'], path: { id: ids['canned_response'] ?? '' }, expected: onLive(side, 204) },
  ],
  deleteRoutingRule: (ids, side) => [
    { tries: ['id'], path: { id: ids['routing_rule'] ?? '' }, expected: onLive(side, 204) },
  ],
  moveTestClock: (_ids, side) => [{ tries: [], body: { advance_seconds: 0 }, expected: side === 'live' ? 403 : 200 }],
  // It empties the side, so it comes last.
  resetTestSide: (_ids, side) => [{ tries: [], expected: side === 'live' ? 403 : 200 }],
};
