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
  // It adds a public message, so it comes behind what names the last one.
  addCustomerReply: (ids) => [{ tries: ['id'], path: ofTicket(ids), body: { text: 'And one thing more' } }],
  // It empties the side, so it comes last.
  resetTestSide: (_ids, side) => [{ tries: [], expected: side === 'live' ? 403 : 200 }],
};
