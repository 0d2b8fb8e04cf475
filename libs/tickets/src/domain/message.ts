import type { AttachmentPayload, AuthorType, DeliveryStatus, MessagePayload } from '#contracts';

/** A message or note as it is stored. `seq` counts the ticket's messages from 1. */
export interface Message {
  readonly projectId: string;
  readonly id: string;
  readonly ticketId: string;
  readonly seq: number;
  readonly authorType: AuthorType;
  readonly authorId: string | null;
  readonly authorName: string | null;
  readonly text: string;
  readonly internal: boolean;
  readonly attachments: readonly AttachmentPayload[];
  readonly deliveryStatus: DeliveryStatus;
  readonly createdAt: Date;
}

/** A new message as the API shows it: nothing was tried yet. */
export function toMessagePayload(message: Message): MessagePayload {
  return {
    id: message.id,
    ticket_id: message.ticketId,
    author_type: message.authorType,
    author_id: message.authorId,
    author_name: message.authorName,
    text: message.text,
    internal: message.internal,
    attachments: message.attachments,
    delivery: { status: message.deliveryStatus, error: null, attempts: 0, sent_at: null },
    created_at: message.createdAt.toISOString(),
    edited_at: null,
  };
}

/** The API's message object as an SQL expression over a row of `message` under the alias `m`. */
export const MESSAGE_PAYLOAD_SQL = `(SELECT row_to_json(payload) FROM (SELECT
  m.id, m.ticket_id, m.author_type, m.author_id, m.author_name, m.text, m.internal, m.attachments,
  json_build_object('status', m.delivery_status, 'error', m.delivery_error, 'attempts', m.delivery_attempts,
    'sent_at', to_char(m.delivery_sent_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) AS delivery,
  to_char(m.created_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS created_at,
  to_char(m.edited_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS edited_at) payload)`;
