import { MESSAGE_PAYLOAD_SQL } from '../../libs/tickets/src/domain/message';
import { TICKET_PAYLOAD_SQL } from '../../libs/tickets/src/domain/ticket-payload';

/** How many of each project's newest tickets have a long conversation. */
export const LONG_TICKETS_PER_PROJECT = 40;

/** How many messages a long conversation has. */
export const LONG_CONVERSATION = 20;

/**
 * Helpers of the load, in a schema that is dropped after it. `pick` and `share` are random by their arguments, so that every run
 * loads the same tickets.
 */
export const PREPARE = `
CREATE SCHEMA bench;
CREATE TABLE bench.project (idx int PRIMARY KEY, project_id uuid NOT NULL);
CREATE TABLE bench.phrase (kind text, idx int, text text, PRIMARY KEY (kind, idx));
CREATE TABLE bench.kind_size (kind text PRIMARY KEY, size int);
CREATE TABLE bench.agent (project_idx int, idx int, id uuid, name text, PRIMARY KEY (project_idx, idx));
CREATE TABLE bench.type (project_idx int, idx int, id uuid, name text, PRIMARY KEY (project_idx, idx));
CREATE FUNCTION bench.share(n bigint, salt bigint) RETURNS float8 LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN (hashint8extended(n, salt) & 1048575) / 1048576.0;
CREATE FUNCTION bench.pick(n bigint, salt bigint, size int) RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN floor(bench.share(n, salt) * size)::int;
CREATE FUNCTION bench.id(at timestamptz, n bigint, kind text) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7'
    || substr(md5(kind || n), 1, 3) || to_hex(8 + bench.pick(n, 1, 4)) || substr(md5(kind || n), 4, 15))::uuid;
`;

/** Agents, ticket types and subscribers. $1 = tickets in all, $2 = time of the newest ticket. */
export const LOAD_PEOPLE = [
  `INSERT INTO bench.agent SELECT p.idx, a, bench.id($2, p.idx * 10 + a, 'agent'), 'Агент ' || a
     FROM bench.project p, generate_series(0, 4) a WHERE $1 > 0`,
  `INSERT INTO member (project_id, id, email, name, role, created_at)
     SELECT p.project_id, a.id, 'agent' || a.idx || '@example.com', a.name, 'support', $2
     FROM bench.agent a JOIN bench.project p ON p.idx = a.project_idx WHERE $1 > 0`,
  `INSERT INTO bench.type SELECT p.idx, t, bench.id($2, p.idx * 10 + t, 'type'), (ARRAY['Оплата', 'Bug', 'Вопрос'])[t + 1]
     FROM bench.project p, generate_series(0, 2) t WHERE $1 > 0`,
  `INSERT INTO ticket_type (project_id, id, name, created_at, updated_at)
     SELECT p.project_id, t.id, t.name, $2, $2 FROM bench.type t JOIN bench.project p ON p.idx = t.project_idx WHERE $1 > 0`,
  `INSERT INTO subscriber (project_id, id, channel, chat_id, first_name, event_seq, created_at, subscribed_at)
     SELECT p.project_id, bench.id($2, p.idx * 10000000::bigint + c, 'subscriber'),
       CASE WHEN c % 3 = 0 THEN 'max' ELSE 'telegram' END, 100000 + c, 'Иван', 1, $2, $2
     FROM bench.project p, generate_series(0, greatest(1, $1 / 200)::int - 1) c`,
];

/**
 * One row per ticket to be, in the order of time: $1 = tickets in all, $2 = time of the newest, $3 = how many projects. 80 % are closed; half came
 * through a messenger; the conversation has one to three messages, or is a long one.
 */
export const LOAD_SEEDS = `
CREATE UNLOGGED TABLE bench.seed AS
SELECT n, p.idx AS project_idx, p.project_id, number, at, bench.id(at, n, 'ticket') AS id,
  CASE WHEN state < 0.80 THEN 'closed' WHEN state < 0.88 THEN 'waiting' WHEN state < 0.94 THEN 'in_progress' ELSE 'new' END AS status,
  CASE WHEN number > last_number - ${LONG_TICKETS_PER_PROJECT} THEN ${LONG_CONVERSATION}
       WHEN state >= 0.94 THEN 1 WHEN state < 0.88 THEN 2 + bench.pick(n, 4, 2) ELSE 3 END AS messages,
  CASE WHEN channel_share < 0.5 THEN 'virtual' ELSE (ARRAY['max', 'telegram', 'telegram'])[bench.pick(n, 6, $1 / 200) % 3 + 1] END AS channel,
  bench.pick(n, 6, $1 / 200) AS customer,
  replace(problem.text, '%s', thing.text) AS subject,
  opening.text || ' ' || replace(problem.text, '%s', thing.text) || ', '
    || CASE WHEN n % 2 = 0 THEN 'заказ ' ELSE 'order ' END || bench.pick(n, 7, 100000) || '. '
    || detail.text || ' ' || more.text AS text
FROM (SELECT n, n % $3 AS project_idx, n / $3 + 1 AS number, $1 / $3 AS last_number,
        $2 - (($1 - n) * (interval '365 days' / $1)) AS at,
        bench.share(n, 2) AS state, bench.share(n, 5) AS channel_share
      FROM generate_series(0, $1 - 1) n) t
JOIN bench.project p ON p.idx = t.project_idx
JOIN bench.phrase problem ON problem.kind = 'problem' AND problem.idx = floor(power(bench.share(n, 11), 1.5) * (SELECT size FROM bench.kind_size WHERE kind = 'problem'))
JOIN bench.phrase thing ON thing.kind = 'thing' AND thing.idx = floor(power(bench.share(n, 12), 1.5) * (SELECT size FROM bench.kind_size WHERE kind = 'thing'))
JOIN bench.phrase opening ON opening.kind = 'opening' AND opening.idx = floor(power(bench.share(n, 13), 1.5) * (SELECT size FROM bench.kind_size WHERE kind = 'opening'))
JOIN bench.phrase detail ON detail.kind = 'detail' AND detail.idx = bench.pick(n, 14, (SELECT size FROM bench.kind_size WHERE kind = 'detail'))
JOIN bench.phrase more ON more.kind = 'detail' AND more.idx = bench.pick(n, 15, (SELECT size FROM bench.kind_size WHERE kind = 'detail'))`;

/** The rows of the product's own tables, from the seeds. */
export const LOAD_TICKETS = [
  `INSERT INTO ticket (project_id, id, live_project_id, ticket_number, subject, status, priority, channel, source,
       ticket_type_id, ticket_type_name, assigned_to, tags, tag_keys, subscriber_id, chat_id, first_name,
       first_customer_message_at, first_reply_at, closed_at, waiting_since, last_message_at, last_message_from,
       last_public_message_id, message_count, event_seq, is_test, created_at, updated_at, version)
     SELECT s.project_id, s.id, s.project_id, s.number, s.subject, s.status,
       CASE WHEN share < 0.70 THEN 'normal' WHEN share < 0.85 THEN 'low' WHEN share < 0.97 THEN 'high' ELSE 'urgent' END,
       s.channel, CASE WHEN s.channel = 'virtual' THEN 'api' ELSE 'bot' END,
       ty.id, ty.name, CASE WHEN s.status <> 'new' THEN a.id END, tag.list, tag.list,
       c.id, c.chat_id, c.first_name,
       s.at, CASE WHEN s.messages > 1 THEN s.at + interval '7 min' END,
       CASE WHEN s.status = 'closed' THEN s.at + interval '9 h' END,
       CASE WHEN s.status IN ('new', 'in_progress') THEN s.at + interval '7 min' * (s.messages - 1) END,
       s.at + interval '7 min' * (s.messages - 1), CASE WHEN s.messages % 2 = 1 THEN 'customer' ELSE 'agent' END,
       bench.id(s.at + interval '7 min' * (s.messages - 1), s.n, 'message' || s.messages),
       s.messages, s.messages + 1, false, s.at, s.at + interval '9 h', s.messages
     FROM (SELECT s.*, bench.share(n, 8) AS share FROM bench.seed s) s
     LEFT JOIN bench.agent a ON a.project_idx = s.project_idx AND a.idx = bench.pick(s.n, 9, 5)
     LEFT JOIN bench.type ty ON ty.project_idx = s.project_idx AND ty.idx = bench.pick(s.n, 10, 5)
     LEFT JOIN subscriber c ON s.channel <> 'virtual' AND c.project_id = s.project_id
       AND c.channel = s.channel AND c.chat_id = 100000 + s.customer
     CROSS JOIN LATERAL (SELECT CASE WHEN share < 0.1 THEN ARRAY['vip'] WHEN share < 0.25 THEN ARRAY['возврат', 'web'] ELSE '{}' END AS list) tag
     ORDER BY s.n`,
  `INSERT INTO message (project_id, id, ticket_id, seq, author_type, author_id, author_name, text, internal, delivery_status, created_at)
     SELECT s.project_id, bench.id(s.at + interval '7 min' * (seq - 1), s.n, 'message' || seq), s.id, seq,
       CASE WHEN seq % 2 = 1 THEN 'customer' ELSE 'agent' END, CASE WHEN seq % 2 = 0 THEN a.id END, CASE WHEN seq % 2 = 0 THEN a.name END,
       CASE WHEN seq = 1 THEN s.text WHEN seq % 2 = 0 THEN answer.text ELSE detail.text END,
       false, CASE WHEN seq % 2 = 0 AND s.channel <> 'virtual' THEN 'sent' ELSE 'none' END, s.at + interval '7 min' * (seq - 1)
     FROM bench.seed s CROSS JOIN LATERAL generate_series(1, s.messages) seq
     JOIN bench.agent a ON a.project_idx = s.project_idx AND a.idx = bench.pick(s.n, 9, 5)
     JOIN bench.phrase answer ON answer.kind = 'answer' AND answer.idx = bench.pick(s.n, 20 + seq, (SELECT size FROM bench.kind_size WHERE kind = 'answer'))
     JOIN bench.phrase detail ON detail.kind = 'detail' AND detail.idx = bench.pick(s.n, 20 + seq, (SELECT size FROM bench.kind_size WHERE kind = 'detail'))
     ORDER BY s.n, seq`,
  `INSERT INTO ticket_history (project_id, id, ticket_id, at, actor_type, action, field, "from", "to")
     SELECT s.project_id, bench.id(s.at + interval '7 min' * (seq - 1), s.n, 'history' || seq), s.id, s.at + interval '7 min' * (seq - 1), 'key',
       CASE WHEN seq = 1 THEN 'created' WHEN seq > s.messages THEN 'status_changed' ELSE 'replied' END,
       CASE WHEN seq > s.messages THEN 'status' END, CASE WHEN seq > s.messages THEN '"waiting"'::jsonb END,
       CASE WHEN seq > s.messages THEN to_jsonb(s.status) ELSE jsonb_build_object('message_id', bench.id(s.at, s.n, 'message' || seq)) END
     FROM bench.seed s CROSS JOIN LATERAL generate_series(1, s.messages + (s.status = 'closed')::int) seq
     ORDER BY s.n, seq`,
  `INSERT INTO ticket_search (project_id, ticket_id, document)
     SELECT t.project_id, t.id, array_to_tsvector(ARRAY[project_lexeme(t.project_id)])
       || ticket_document(concat_ws(' ', t.subject, m.texts))
     FROM ticket t JOIN LATERAL (SELECT string_agg(m.text, ' ') AS texts FROM message m
       WHERE m.project_id = t.project_id AND m.ticket_id = t.id) m ON true
     ORDER BY t.id`,
  // The log keeps 30 days of the 365: as a running installation has it.
  `INSERT INTO outbox (event_id, project_id, type, aggregate_id, aggregate_seq, body, created_at, position, published_at)
     SELECT bench.id(t.created_at, t.ticket_number, 'event' || t.project_id), t.project_id, 'ticket.created', t.id, 1,
       json_build_object('specversion', '1.0', 'type', 'ticket.created', 'subject', t.id, 'sequence', 1,
         'data', json_build_object('ticket', ${TICKET_PAYLOAD_SQL}, 'message', ${MESSAGE_PAYLOAD_SQL}))::text,
       t.created_at, row_number() OVER (PARTITION BY t.project_id ORDER BY t.ticket_number), t.created_at
     FROM ticket t JOIN message m ON m.project_id = t.project_id AND m.ticket_id = t.id AND m.seq = 1
     WHERE t.created_at > (SELECT max(at) - interval '30 days' FROM bench.seed)
     ORDER BY t.created_at`,
  `INSERT INTO event_log_head (project_id, last_position) SELECT project_id, max(position) FROM outbox GROUP BY project_id
     ON CONFLICT (project_id) DO UPDATE SET last_position = excluded.last_position`,
  `UPDATE ticket_counter c SET last_number = s.last_number
     FROM (SELECT project_id, max(number) AS last_number FROM bench.seed GROUP BY project_id) s WHERE s.project_id = c.project_id`,
];

/** The indexes that are built after the load instead of along with it. */
export const SECONDARY_INDEXES = `
SELECT c.relname AS name, pg_get_indexdef(i.indexrelid) AS definition
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE i.indrelid = ANY (ARRAY['ticket', 'message', 'ticket_history', 'ticket_search', 'outbox']::regclass[])
  AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid)
  AND c.relname <> 'uq_message_seq'`;
