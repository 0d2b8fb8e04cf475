import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { faultPoint } from '#database';
import type { Statement, Tx } from '#database';
import { Outbox } from '#messaging';
import type { Message } from '../domain/message';
import type { OpenedTicket } from '../domain/open-ticket';
import type { LockedTicket, Ticket } from '../domain/ticket';
import { factChanges } from '../domain/ticket-facts';
import type { FactChanges } from '../domain/ticket-facts';
import type { Cause, HistoryEntry, TicketRevision } from '../domain/ticket-revision';
import { fromLockedRow, LOCKED_TICKET_SQL, MUTABLE_TICKET_COLUMNS, TICKET_COLUMNS, toTicketRow } from './columns';

/** What goes with tickets into their other tables, whether they are new or changed. */
interface Additions {
  readonly messages: readonly Message[];
  readonly history: ReadonlyArray<HistoryEntry & { readonly ticketId: string; readonly cause: Cause }>;
  /** What they change in reports. */
  readonly facts: readonly FactChanges[];
}

const MESSAGE_COLUMNS =
  'project_id, id, ticket_id, seq, author_type, author_id, author_name, text, internal, attachments, delivery_status, created_at';
const HISTORY_COLUMNS =
  'project_id, id, ticket_id, at, actor_type, actor_id, actor_name, action, field, "from", "to", request_id';

const FACT_COLUMNS = 'project_id, channel, ticket_type_id, assigned_to, facts';

/** Messages ($2), history ($3) and facts ($4) of the tickets that the statement before them wrote. */
const ADD_WHAT_GOES_WITH_THEM = `
  messages AS (INSERT INTO message (${MESSAGE_COLUMNS})
    SELECT ${MESSAGE_COLUMNS} FROM json_populate_recordset(NULL::message, $2::json) RETURNING ticket_id, text),
  history AS (INSERT INTO ticket_history (${HISTORY_COLUMNS})
    SELECT ${HISTORY_COLUMNS} FROM json_populate_recordset(NULL::ticket_history, $3::json)),
  facts AS (INSERT INTO ticket_fact (${FACT_COLUMNS})
    SELECT ${FACT_COLUMNS} FROM json_populate_recordset(NULL::ticket_fact, $4::json))`;

const INSERT = {
  name: 'ticket-insert',
  text: `WITH tickets AS (INSERT INTO ticket (${TICKET_COLUMNS.join(', ')})
      SELECT ${TICKET_COLUMNS.join(', ')} FROM json_populate_recordset(NULL::ticket, $1::json)
      RETURNING project_id, id, subject),
    ${ADD_WHAT_GOES_WITH_THEM}
    INSERT INTO ticket_search (project_id, ticket_id, document)
      SELECT t.project_id, t.id, array_to_tsvector(ARRAY[project_lexeme(t.project_id)])
        || ticket_document(concat_ws(' ', t.subject, m.text))
      FROM tickets t JOIN messages m ON m.ticket_id = t.id`,
};

/** A document keeps growing with its ticket up to this size: a tsvector cannot exceed 1 MiB, and one message adds far less. */
const MAX_DOCUMENT_BYTES = 900_000;

const UPDATE = {
  name: 'ticket-update',
  text: `WITH tickets AS (UPDATE ticket t SET (${MUTABLE_TICKET_COLUMNS.join(', ')}) =
        (SELECT ${MUTABLE_TICKET_COLUMNS.join(', ')} FROM json_populate_record(NULL::ticket, $1::json))
      WHERE t.project_id = $5 AND t.id = $6),
    ${ADD_WHAT_GOES_WITH_THEM}
    UPDATE ticket_search s SET document = s.document || ticket_document($7)
    WHERE s.project_id = $5 AND s.ticket_id = $6 AND $7 <> '' AND pg_column_size(strip(s.document)) < ${MAX_DOCUMENT_BYTES}`,
};

/** Many tickets in one statement, which say nothing and keep their subject: nothing in them is to be found by other words. */
const UPDATE_MANY = {
  name: 'ticket-update-many',
  text: `WITH tickets AS (UPDATE ticket t SET ${MUTABLE_TICKET_COLUMNS.map((column) => `${column} = n.${column}`).join(', ')}
      FROM json_populate_recordset(NULL::ticket, $1::json) n WHERE t.project_id = $5 AND t.id = n.id),
    ${ADD_WHAT_GOES_WITH_THEM}
    SELECT`,
};

/** Characters of messages that a rebuilt document is made of: however they are split into words, they fit into a tsvector. */
const MAX_REBUILT_CHARACTERS = 200_000;

/** A new subject: the words of the old one must no longer be found. The newest messages count first, up to a size. */
const REBUILD_SEARCH = {
  name: 'ticket-search-rebuild',
  text: `UPDATE ticket_search s SET document = array_to_tsvector(ARRAY[project_lexeme(s.project_id)])
      || ticket_document(coalesce($3, '')) || ticket_document(coalesce((
        SELECT left(string_agg(m.text, ' ' ORDER BY m.seq DESC), ${MAX_REBUILT_CHARACTERS}) FROM message m
        WHERE m.project_id = $1 AND m.ticket_id = $2), ''))
    WHERE s.project_id = $1 AND s.ticket_id = $2`,
};

/** The one writer of tickets, their messages, history, search documents, events, and of what they change in reports. */
@Injectable()
export class TicketRepository {
  constructor(private readonly outbox: Outbox) {}

  /** Takes `count` ticket numbers in a row; the project's counter stays locked until the transaction ends. */
  async takeNumbers(tx: Tx, count: number): Promise<number> {
    const [counter] = await tx.query<{ last_number: number }>({
      name: 'ticket-numbers',
      text: 'UPDATE ticket_counter SET last_number = last_number + $2 WHERE project_id = $1 RETURNING last_number',
      values: [tx.scope.projectId, count],
    });
    if (!counter) {
      throw new Error(`Project ${tx.scope.projectId} has no ticket counter.`);
    }
    return counter.last_number - count + 1;
  }

  /** The ticket, locked until the transaction ends: whoever changes it or appends its events comes after. */
  async lock(tx: Tx, id: string): Promise<LockedTicket | null> {
    const [row] = await tx.query({
      name: 'ticket-lock',
      text: `SELECT ${LOCKED_TICKET_SQL} FROM ticket t WHERE t.project_id = $1 AND t.id = $2 FOR UPDATE OF t`,
      values: [tx.scope.projectId, id],
    });
    return row ? fromLockedRow(row) : null;
  }

  /**
   * Several tickets, locked in the order of their numbers, so that two bulk changes cannot block each other; nor can a message
   * that goes on from a closed ticket to the later one that continues it.
   */
  async lockAll(tx: Tx, ids: readonly string[]): Promise<Map<string, LockedTicket>> {
    const rows = await tx.query({
      text: `SELECT ${LOCKED_TICKET_SQL} FROM ticket t WHERE t.project_id = $1 AND t.id = ANY($2::uuid[])
             ORDER BY t.ticket_number FOR UPDATE OF t`,
      values: [tx.scope.projectId, [...ids]],
    });
    return new Map(rows.map((row) => [row['id'] as string, fromLockedRow(row)]));
  }

  /** Stores tickets that were opened just now, with their messages, history and events. */
  async insert(tx: Tx, opened: readonly OpenedTicket[], cause: (index: number) => Cause): Promise<void> {
    await Promise.all([tx.query(insertStatement(tx, opened, cause)), this.outbox.append(tx, eventsOf(opened))]);
  }

  /** Like {@link insert}, with the commit in the same round trip. */
  async insertAndCommit(tx: Tx, opened: readonly OpenedTicket[], cause: (index: number) => Cause): Promise<void> {
    faultPoint('create.beforeStore');
    await Promise.all([
      tx.query(insertStatement(tx, opened, cause)),
      this.outbox.appendAndCommit(tx, eventsOf(opened)),
    ]);
    faultPoint('create.afterStore');
  }

  /** Stores a change; the transaction goes on. */
  async update(tx: Tx, revision: TicketRevision): Promise<Ticket> {
    const { ticket, events } = revision.complete();
    await Promise.all([...writes(tx, ticket, revision), this.outbox.append(tx, events)]);
    return ticket;
  }

  /** Stores changes of several tickets that add no message and keep the subject; the transaction goes on. */
  async updateAll(tx: Tx, revisions: readonly TicketRevision[]): Promise<void> {
    const changes = revisions.map((revision) => ({ ...revision.complete(), revision }));
    const rows = JSON.stringify(changes.map(({ ticket }) => toTicketRow(ticket)));
    const history = changes.flatMap(({ ticket, revision: { history: entries, cause } }) =>
      entries.map((entry) => ({ ...entry, ticketId: ticket.id, cause })),
    );
    const facts = changes.flatMap(({ ticket, revision }) => factChanges(revision.before, ticket));
    await Promise.all([
      tx.query({
        ...UPDATE_MANY,
        values: [rows, ...additions(tx, { messages: [], history, facts }), tx.scope.projectId],
      }),
      this.outbox.append(
        tx,
        changes.flatMap(({ events }) => events),
      ),
    ]);
  }

  /** Stores a change and commits, in one round trip. */
  async updateAndCommit(tx: Tx, revision: TicketRevision): Promise<Ticket> {
    const { ticket, events } = revision.complete();
    faultPoint('change.beforeStore');
    await Promise.all([...writes(tx, ticket, revision), this.outbox.appendAndCommit(tx, events)]);
    faultPoint('change.afterStore');
    return ticket;
  }
}

function eventsOf(opened: readonly OpenedTicket[]): OpenedTicket['events'] {
  return opened.flatMap(({ events }) => events);
}

function insertStatement(tx: Tx, opened: readonly OpenedTicket[], cause: (index: number) => Cause): Statement {
  const messages = opened.map((one) => one.message);
  const history = opened.flatMap((one, index) =>
    one.history.map((entry) => ({ ...entry, ticketId: one.ticket.id, cause: cause(index) })),
  );
  const facts = opened.flatMap(({ ticket }) => factChanges(null, ticket));
  const rows = JSON.stringify(opened.map(({ ticket }) => toTicketRow(ticket)));
  return { ...INSERT, values: [rows, ...additions(tx, { messages, history, facts })] };
}

function writes(tx: Tx, ticket: Ticket, revision: TicketRevision): Array<Promise<unknown>> {
  const { messages, cause, before } = revision;
  const history = revision.history.map((entry) => ({ ...entry, ticketId: ticket.id, cause }));
  const update = tx.query({
    ...UPDATE,
    values: [
      JSON.stringify(toTicketRow(ticket)),
      ...additions(tx, { messages, history, facts: factChanges(before, ticket) }),
      tx.scope.projectId,
      ticket.id,
      messages.map(({ text }) => text).join(' '),
    ],
  });
  if (ticket.subject === before.subject) {
    return [update];
  }
  return [update, tx.query({ ...REBUILD_SEARCH, values: [tx.scope.projectId, ticket.id, ticket.subject] })];
}

function additions(tx: Tx, { messages, history, facts }: Additions): [string, string, string] {
  return [
    JSON.stringify(
      messages.map((message) => ({
        project_id: message.projectId,
        id: message.id,
        ticket_id: message.ticketId,
        seq: message.seq,
        author_type: message.authorType,
        author_id: message.authorId,
        author_name: message.authorName,
        text: message.text,
        internal: message.internal,
        attachments: message.attachments,
        delivery_status: message.deliveryStatus,
        created_at: message.createdAt,
      })),
    ),
    JSON.stringify(
      history.map(({ ticketId, cause, actor = cause.actor, action, field, from, to }) => ({
        project_id: tx.scope.projectId,
        id: uuidv7(),
        ticket_id: ticketId,
        at: cause.at,
        actor_type: actor.type,
        actor_id: actor.id,
        actor_name: actor.name,
        action,
        field,
        from,
        to,
        request_id: cause.requestId ?? null,
      })),
    ),
    JSON.stringify(
      facts.map((change) => ({
        project_id: tx.scope.projectId,
        channel: change.channel,
        ticket_type_id: change.ticketTypeId,
        assigned_to: change.assignedTo,
        facts: change.facts,
      })),
    ),
  ];
}
