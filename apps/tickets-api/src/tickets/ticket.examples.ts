import { EXAMPLE_MESSAGE, EXAMPLE_REPLY, EXAMPLE_TICKET } from '#contracts';
import type { RequestExample } from '#platform';

type Examples = Readonly<Record<string, RequestExample>>;

const AGENT = EXAMPLE_REPLY.author_id;
const TICKETS = [EXAMPLE_TICKET.id, '019ab6c2-9b31-7f44-8d66-2a3b4c5d6e7f'];

/** Bodies as the API document shows them. */
export const CREATE_EXAMPLES: Examples = {
  virtual: {
    summary: 'A customer of your own site',
    value: {
      text: 'The verification code does not arrive',
      subject: 'Login issue',
      external_id: 'customer-1001',
      first_name: 'Ivan',
    },
  },
  telegram: {
    summary: 'A customer in Telegram',
    value: { channel: 'telegram', chat_id: 123456789, text: 'Where is my parcel?', first_name: 'Ivan' },
  },
};

export const REPLY_EXAMPLES: Examples = {
  answer: { summary: 'An answer to the customer', value: { text: EXAMPLE_REPLY.text } },
  note: {
    summary: 'A note for the team',
    value: { text: 'The SMS provider reports delays since 09:00', internal: true },
  },
  answer_and_close: {
    summary: 'An answer that closes the ticket, unless the customer has written again',
    value: {
      text: 'Done. Write again whenever you need us.',
      status: 'closed',
      if_last_message_id: EXAMPLE_MESSAGE.id,
    },
  },
};

export const ASSIGN_EXAMPLES: Examples = {
  agent: { summary: 'Assign an agent', value: { assigned_to: AGENT } },
  nobody: { summary: 'Clear the assignment', value: { assigned_to: null } },
  if_free: {
    summary: 'Take the ticket if nobody else has',
    value: { assigned_to: AGENT, expected_assigned_to: null },
  },
};

export const UPDATE_EXAMPLES: Examples = {
  tags: { summary: 'Set the tags', value: { tags: ['vip', 'billing'] } },
  subject: { summary: 'Set the subject and clear the type', value: { subject: 'Login issue', ticket_type_id: null } },
};

export const RATING_EXAMPLES: Examples = {
  rating: { summary: 'A rating', value: { rating: 4 } },
  comment: { summary: 'A rating with a comment', value: { rating: 5, comment: 'Quick and friendly' } },
};

export const BULK_EXAMPLES: Examples = {
  close: { summary: 'Close tickets', value: { ticket_ids: TICKETS, action: 'close' } },
  assign: { summary: 'Assign tickets', value: { ticket_ids: TICKETS, action: 'assign', value: AGENT } },
  dry_run: {
    summary: 'See what a tag would change',
    value: { ticket_ids: TICKETS, action: 'add_tag', value: 'outage', dry_run: true },
  },
};
