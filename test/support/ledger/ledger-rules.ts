/** A rule of the database's own books: `sql` selects what breaks it. */
export interface LedgerRule {
  readonly rule: string;
  readonly sql: string;
}

/**
 * What must be true once everything has drained, whatever was killed before. `$1` in the rules about consumers is the list of
 * their names.
 */
export const EVENT_RULES: readonly LedgerRule[] = [
  {
    rule: 'every committed event has its position and is published',
    sql: 'SELECT id, type, position, published_at, last_error FROM outbox WHERE position IS NULL OR published_at IS NULL',
  },
  {
    rule: 'the positions of a project are 1, 2, 3 … and its head is the last one',
    sql: `SELECT project_id, count(*) AS events, min(position), max(position), count(DISTINCT position) AS different, h.last_position
          FROM outbox o FULL JOIN event_log_head h USING (project_id) GROUP BY project_id, h.last_position
          HAVING min(position) IS DISTINCT FROM 1 OR max(position) IS DISTINCT FROM count(o.id)
            OR count(DISTINCT position) <> count(o.id) OR h.last_position IS DISTINCT FROM count(o.id)`,
  },
  {
    rule: 'the positions of one subject rise with its sequence',
    sql: `SELECT * FROM (SELECT aggregate_id, aggregate_seq, position,
            lag(position) OVER (PARTITION BY project_id, aggregate_id ORDER BY aggregate_seq) AS before FROM outbox) o
          WHERE before >= position`,
  },
  {
    rule: 'the sequences of one subject are 1, 2, 3 … and it knows its last one',
    sql: `SELECT s.id, s.event_seq, count(o.id) AS events, max(o.aggregate_seq)
          FROM (SELECT project_id, id, event_seq FROM ticket UNION ALL SELECT project_id, id, event_seq FROM subscriber) s
          FULL JOIN outbox o ON o.project_id = s.project_id AND o.aggregate_id = s.id
          GROUP BY s.id, s.event_seq
          HAVING count(o.id) IS DISTINCT FROM s.event_seq OR max(o.aggregate_seq) IS DISTINCT FROM s.event_seq`,
  },
  {
    rule: 'no delivery is left over, neither pending nor dead',
    sql: 'SELECT consumer, event_id, status, attempts, next_at, last_error FROM event_delivery',
  },
];

/** What each consumer has done with the events. */
export const EFFECT_RULES: readonly LedgerRule[] = [
  {
    rule: 'every event has exactly one effect at each consumer',
    sql: `SELECT c.consumer, o.event_id, o.type, o.aggregate_seq, count(l.place) AS effects
          FROM outbox o CROSS JOIN unnest($1::text[]) AS c (consumer)
          LEFT JOIN ledger l ON l.consumer = c.consumer AND l.event_id = o.event_id
          GROUP BY c.consumer, o.event_id, o.type, o.aggregate_seq HAVING count(l.place) <> 1`,
  },
  {
    rule: 'nothing has an effect that was not committed as an event, byte for byte',
    sql: `SELECT l.consumer, l.event_id, l.sequence FROM ledger l LEFT JOIN outbox o USING (event_id)
          WHERE l.consumer <> ALL ($1::text[]) OR o.body IS DISTINCT FROM l.body`,
  },
  {
    rule: 'the effects on one subject come in the order of its sequence',
    sql: `SELECT * FROM (SELECT consumer, aggregate_id, sequence, place,
            lag(sequence, 1, 0) OVER (PARTITION BY consumer, project_id, aggregate_id ORDER BY place) AS before
            FROM ledger WHERE consumer = ANY ($1::text[])) l
          WHERE sequence <> before + 1`,
  },
];

/** What a ticket's tables say of each other. */
export const TICKET_RULES: readonly LedgerRule[] = [
  {
    rule: 'the numbers of a project are 1, 2, 3 … and its counter is the last one',
    sql: `SELECT project_id, count(t.id) AS tickets, min(ticket_number), max(ticket_number), c.last_number
          FROM ticket_counter c LEFT JOIN ticket t USING (project_id) GROUP BY project_id, c.last_number
          HAVING c.last_number <> count(t.id) OR max(ticket_number) <> count(t.id) OR min(ticket_number) <> 1`,
  },
  {
    rule: 'the counters of a ticket are its rows',
    sql: `SELECT t.ticket_number, t.message_count, t.note_count, count(*) FILTER (WHERE NOT m.internal) AS public,
            count(*) FILTER (WHERE m.internal) AS notes, max(m.seq)
          FROM ticket t LEFT JOIN message m ON m.project_id = t.project_id AND m.ticket_id = t.id
          GROUP BY t.project_id, t.id, t.ticket_number, t.message_count, t.note_count
          HAVING t.message_count <> count(*) FILTER (WHERE NOT m.internal) OR t.note_count <> count(*) FILTER (WHERE m.internal)
            OR max(m.seq) <> count(*)`,
  },
  {
    rule: 'every message has exactly one event that tells of it',
    sql: `SELECT m.id, m.internal, m.seq, count(o.id) AS events
          FROM message m LEFT JOIN outbox o ON o.project_id = m.project_id AND o.aggregate_id = m.ticket_id
            AND o.body::json #>> '{data,message,id}' = m.id::text
            AND o.type = CASE WHEN m.internal THEN 'ticket.note_added' WHEN m.seq = 1 THEN 'ticket.created' ELSE 'ticket.replied' END
          GROUP BY m.id, m.internal, m.seq HAVING count(o.id) <> 1`,
  },
  {
    rule: 'every message has exactly one line of history',
    sql: `SELECT m.id, count(h.id) AS lines FROM message m LEFT JOIN ticket_history h ON h.project_id = m.project_id
            AND h.ticket_id = m.ticket_id AND h."to" ->> 'message_id' = m.id::text
          GROUP BY m.id HAVING count(h.id) <> 1`,
  },
  {
    rule: 'every ticket can be found by its words',
    sql: `SELECT t.ticket_number FROM ticket t LEFT JOIN ticket_search s ON s.project_id = t.project_id AND s.ticket_id = t.id
          WHERE s.document IS NULL`,
  },
  {
    rule: 'the usage is the number of public answers in messengers',
    sql: `SELECT * FROM (SELECT coalesce(sum(replies), 0) AS billed FROM reply_usage) u,
            (SELECT count(*) AS replies FROM message m JOIN ticket t ON t.project_id = m.project_id AND t.id = m.ticket_id
             WHERE NOT t.is_test AND t.channel <> 'virtual' AND m.author_type IN ('agent', 'ai') AND NOT m.internal) m
          WHERE billed <> replies`,
  },
  {
    rule: 'a stored idempotency key has its answer',
    sql: 'SELECT path, key FROM idempotency_key WHERE status IS NULL OR body IS NULL',
  },
];
