import { TICKET_PAYLOAD_SQL } from '../../libs/tickets/src/domain/ticket-payload';

/**
 * What the product writes for a new ticket, as one statement: number, ticket, message, history, search document and event.
 * $1 project, $2 ticket, $3 message, $4 history entry, $5 event, $6 subject, $7 text, $8 channel, $9 time.
 */
export const OPEN_TICKET = {
  name: 'open-ticket',
  text: `WITH counter AS (
      UPDATE ticket_counter SET last_number = last_number + 1 WHERE project_id = $1 RETURNING last_number),
    t AS (INSERT INTO ticket (project_id, id, live_project_id, ticket_number, subject, status, priority, channel, source,
        first_customer_message_at, waiting_since, last_message_at, last_message_from, last_public_message_id,
        message_count, event_seq, is_test, created_at, updated_at)
      SELECT $1, $2, $1, last_number, $6, 'new', 'normal', $8, 'api', $9, $9, $9, 'customer', $3, 1, 1, false, $9, $9
      FROM counter RETURNING *),
    m AS (INSERT INTO message (project_id, id, ticket_id, seq, author_type, text, internal, delivery_status, created_at)
      VALUES ($1, $3, $2, 1, 'customer', $7, false, 'none', $9)),
    h AS (INSERT INTO ticket_history (project_id, id, ticket_id, at, actor_type, action, "to")
      SELECT $1, $4, $2, $9, 'key', 'created', jsonb_build_object('ticket_number', last_number, 'message_id', $3) FROM counter),
    s AS (INSERT INTO ticket_search (project_id, ticket_id, document)
      VALUES ($1, $2, array_to_tsvector(ARRAY[project_lexeme($1)]) || ticket_document(concat_ws(' ', $6::text, $7::text)))),
    payload AS (SELECT ${TICKET_PAYLOAD_SQL} AS ticket FROM t),
    e AS (INSERT INTO outbox (event_id, project_id, type, aggregate_id, aggregate_seq, body, created_at)
      SELECT $5, $1, 'ticket.created', $2, 1, json_build_object('specversion', '1.0', 'id', $5, 'type', 'ticket.created',
        'source', '/helpdesk/projects/' || $1, 'subject', $2, 'time', $9, 'sequence', 1, 'projectid', $1,
        'data', json_build_object('ticket', ticket, 'message', json_build_object('id', $3, 'ticket_id', $2,
          'author_type', 'customer', 'text', $7, 'internal', false, 'created_at', $9)))::text, $9
      FROM payload)
    SELECT ticket::text AS ticket FROM payload`,
} as const;
