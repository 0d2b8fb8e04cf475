import type { Actor } from '../resources/actor';
import type { MessagePayload } from '../resources/message';
import type { TicketPayload } from '../resources/ticket';

/** A ticket as the documents show it. */
export const EXAMPLE_TICKET: TicketPayload = {
  id: '019ab6c2-7a10-7c3e-9a55-1f2d3c4b5a69',
  ticket_number: 42,
  subject: 'Login issue',
  status: 'new',
  priority: 'normal',
  channel: 'virtual',
  source: 'api',
  ticket_type_id: null,
  ticket_type_name: null,
  assigned_to: null,
  tags: ['vip'],
  subscriber_id: null,
  chat_id: null,
  first_name: 'Ivan',
  username: 'ivan_p',
  first_reply_at: null,
  closed_at: null,
  time_to_first_response_seconds: null,
  time_to_resolve_seconds: null,
  waiting_since: '2026-11-24T09:30:00.000Z',
  last_message_at: '2026-11-24T09:30:00.000Z',
  last_message_from: 'customer',
  reopen_count: 0,
  csat_rating: null,
  csat_comment: null,
  csat_status: 'none',
  sla: { first_reply: { due_at: null, status: 'none' }, resolve: { due_at: null, status: 'none' } },
  message_count: 1,
  note_count: 0,
  is_test: false,
  created_at: '2026-11-24T09:30:00.000Z',
  updated_at: '2026-11-24T09:30:00.000Z',
  version: 1,
};

/** A customer's message as the documents show it. */
export const EXAMPLE_MESSAGE: MessagePayload = {
  id: '019ab6c2-7a11-7f02-8c1d-5e6f7a8b9c0d',
  ticket_id: EXAMPLE_TICKET.id,
  author_type: 'customer',
  author_id: null,
  author_name: 'Ivan',
  text: 'The verification code does not arrive',
  internal: false,
  attachments: [],
  delivery: { status: 'none', error: null, attempts: 0, sent_at: null },
  created_at: '2026-11-24T09:30:00.000Z',
  edited_at: null,
};

/** An agent's answer as the documents show it. */
export const EXAMPLE_REPLY: MessagePayload = {
  ...EXAMPLE_MESSAGE,
  id: '019ab6c3-0c55-7a41-b1e2-2c3d4e5f6a7b',
  author_type: 'agent',
  author_id: '019ab6b0-11aa-7d3c-8e4f-0a1b2c3d4e5f',
  author_name: 'Olga',
  text: 'We have sent the code again. Does it arrive now?',
  created_at: '2026-11-24T09:34:12.000Z',
};

/** An internal note as the documents show it. */
export const EXAMPLE_NOTE: MessagePayload = {
  ...EXAMPLE_REPLY,
  id: '019ab6c3-4d66-7b52-a2f3-3d4e5f6a7b8c',
  text: 'The SMS provider reports delays since 09:00',
  internal: true,
};

/** A doer as the documents show it. */
export const EXAMPLE_ACTOR: Actor = {
  type: 'key',
  id: '019ab6b0-22bb-7e4d-9f50-1b2c3d4e5f60',
  name: 'zn_live_x7Kp',
};
