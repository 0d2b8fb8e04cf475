import { TICKET_PAYLOAD_SQL } from '../../libs/tickets/src/domain/ticket-payload';

/**
 * What the product writes for a new ticket, as one statement: number, ticket, message, history, search document and event.
 * $1 project, $2 ticket, $3 message, $4 history entry, $5 event, $6 subject, $7 text, $8 channel, $9 time.
 */
export const OPEN_TICKET = {
  name: 'open-ticket',
  text: `WITH counter AS (
      UPDATE ticket_counter SET last_number = last_number + 1 WHERE project_id = $1::uuid RETURNING last_number),
    t AS (INSERT INTO ticket (project_id, id, live_project_id, ticket_number, subject, status, priority, channel, source,
        first_customer_message_at, waiting_since, last_message_at, last_message_from, last_public_message_id,
        message_count, event_seq, is_test, created_at, updated_at)
      SELECT $1::uuid, $2::uuid, $1::uuid, last_number, $6::text, 'new', 'normal', $8::text, 'api', $9::timestamptz, $9::timestamptz, $9::timestamptz, 'customer', $3::uuid, 1, 1, false, $9::timestamptz, $9::timestamptz
      FROM counter RETURNING *),
    m AS (INSERT INTO message (project_id, id, ticket_id, seq, author_type, text, internal, delivery_status, created_at)
      VALUES ($1::uuid, $3::uuid, $2::uuid, 1, 'customer', $7::text, false, 'none', $9::timestamptz)),
    h AS (INSERT INTO ticket_history (project_id, id, ticket_id, at, actor_type, action, "to")
      SELECT $1::uuid, $4::uuid, $2::uuid, $9::timestamptz, 'key', 'created', jsonb_build_object('ticket_number', last_number, 'message_id', $3::uuid) FROM counter),
    s AS (INSERT INTO ticket_search (project_id, ticket_id, document)
      VALUES ($1::uuid, $2::uuid, array_to_tsvector(ARRAY[project_lexeme($1::uuid)]) || ticket_document(concat_ws(' ', $6::text, $7::text)))),
    payload AS (SELECT ${TICKET_PAYLOAD_SQL} AS ticket FROM t),
    e AS (INSERT INTO outbox (event_id, project_id, type, aggregate_id, aggregate_seq, body, created_at)
      SELECT $5::uuid, $1::uuid, 'ticket.created', $2::uuid, 1, json_build_object('specversion', '1.0', 'id', $5::uuid, 'type', 'ticket.created',
        'source', '/helpdesk/projects/' || $1::uuid, 'subject', $2::uuid, 'time', $9::timestamptz, 'sequence', 1, 'projectid', $1::uuid,
        'data', json_build_object('ticket', ticket, 'message', json_build_object('id', $3::uuid, 'ticket_id', $2::uuid,
          'author_type', 'customer', 'text', $7::text, 'internal', false, 'created_at', $9::timestamptz)))::text, $9::timestamptz
      FROM payload)
    SELECT ticket::text AS ticket FROM payload`,
} as const;
