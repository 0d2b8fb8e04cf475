import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '#database';
import type { ProjectScope, Statement, Tx } from '#database';
import { TICKET_PAYLOAD_SQL } from '../domain/ticket-payload';
import { SqlParameters, ticketConditions } from './ticket-conditions.sql';
import type { TicketFilter, TicketSort } from './ticket-filter';
import { afterTicket, TICKET_ORDERS } from './ticket-order.sql';

/** Which page of which tickets. */
export interface TicketListRequest {
  readonly filter: TicketFilter;
  readonly sort: TicketSort;
  readonly limit: number;
  readonly offset: number;
  /** The sort keys of the last ticket of the page before. */
  readonly after?: readonly unknown[];
}

/** One page of tickets. */
export interface TicketPage {
  /** Each ticket as the text of its JSON object, rendered by the database. */
  readonly tickets: readonly string[];
  /** How many tickets match in all; not counted behind a cursor. */
  readonly total?: number;
  /** The sort keys of the last ticket here, when another page follows. */
  readonly nextKeys?: readonly unknown[];
}

interface ListRow {
  readonly ticket: string;
  readonly keys: string;
}

/** The limit of most pages. It stands in the statement's text, so that one plan fits them all. */
const USUAL_LIMIT = 50;

/** Lists and searches a project's tickets. */
@Injectable()
export class FindTickets {
  constructor(private readonly uow: UnitOfWork) {}

  async execute(scope: ProjectScope, request: TicketListRequest): Promise<TicketPage> {
    return this.uow.run(scope, async (tx) => {
      const { rows, total } = await readPage(tx, request);
      const shown = rows.slice(0, request.limit);
      const last = shown.at(-1);
      return {
        tickets: shown.map((row) => row.ticket),
        total,
        nextKeys: rows.length > request.limit && last ? (JSON.parse(last.keys) as unknown[]) : undefined,
      };
    });
  }
}

async function readPage(tx: Tx, request: TicketListRequest): Promise<Pick<TicketPage, 'total'> & { rows: ListRow[] }> {
  if (request.after) {
    return { rows: await tx.queryAndCommit<ListRow>(pageStatement(tx.scope, request)) };
  }
  if (request.filter.words !== undefined) {
    return search(tx, request);
  }
  const [counted, rows] = await Promise.all([
    tx.query<{ n: number }>(countStatement(tx.scope, request.filter)),
    tx.queryAndCommit<ListRow>(pageStatement(tx.scope, request)),
  ]);
  return { rows, total: counted[0]?.n };
}

/** The words are looked up once for page and total: that is most of the work. */
async function search(tx: Tx, request: TicketListRequest): Promise<{ rows: ListRow[]; total?: number }> {
  const rows = await tx.query<ListRow & { readonly total: number }>(searchStatement(tx.scope, request));
  if (rows.length > 0 || request.offset === 0) {
    return { rows, total: rows[0]?.total ?? 0 };
  }
  const [counted] = await tx.query<{ n: number }>(countStatement(tx.scope, request.filter));
  return { rows, total: counted?.n };
}

function pageStatement(scope: ProjectScope, { filter, sort, limit, offset, after }: TicketListRequest): Statement {
  const parameters = new SqlParameters();
  const conditions = [`t.project_id = ${parameters.add(scope.projectId)}`, ...ticketConditions(filter, parameters)];
  if (after) {
    conditions.push(afterTicket(sort, after, parameters));
  }
  const { orderBy, keys } = TICKET_ORDERS[sort];
  const isUsual = isPlain(filter) && limit === USUAL_LIMIT && offset === 0;
  const page = isUsual
    ? `LIMIT ${USUAL_LIMIT + 1}`
    : `LIMIT ${parameters.add(limit + 1)} OFFSET ${parameters.add(offset)}`;
  return {
    name: isUsual ? `ticket-list ${sort}${after ? ' after' : ''}` : undefined,
    text: `SELECT ${TICKET_PAYLOAD_SQL}::text AS ticket, json_build_array(${keys.join(', ')})::text AS keys
           FROM (SELECT t.* FROM ticket t WHERE ${conditions.join(' AND ')} ORDER BY ${orderBy} ${page}) t
           ORDER BY ${orderBy}`,
    values: parameters.values,
  };
}

function searchStatement(scope: ProjectScope, { filter, sort, limit, offset }: TicketListRequest): Statement {
  const parameters = new SqlParameters();
  const project = parameters.add(scope.projectId);
  const conditions = ticketConditions(filter, parameters).join(' AND ');
  const { orderBy, keys } = TICKET_ORDERS[sort];
  return {
    text: `WITH matches AS MATERIALIZED (
             SELECT t.id, t.created_at, t.updated_at, t.priority_rank, t.sla_due_at
             FROM ticket t WHERE t.project_id = ${project} AND ${conditions})
           SELECT ${TICKET_PAYLOAD_SQL}::text AS ticket, json_build_array(${keys.join(', ')})::text AS keys,
             (SELECT count(*)::int FROM matches) AS total
           FROM (SELECT t.id FROM matches t ORDER BY ${orderBy} LIMIT ${parameters.add(limit + 1)} OFFSET ${parameters.add(offset)}) page
           JOIN ticket t ON t.project_id = ${project} AND t.id = page.id
           ORDER BY ${orderBy}`,
    values: parameters.values,
  };
}

/** Tickets are numbered without gaps and never deleted, so the number of all is the last number. */
function countStatement(scope: ProjectScope, filter: TicketFilter): Statement {
  if (isPlain(filter)) {
    return {
      name: 'ticket-count',
      text: 'SELECT last_number AS n FROM ticket_counter WHERE project_id = $1',
      values: [scope.projectId],
    };
  }
  const parameters = new SqlParameters();
  const project = parameters.add(scope.projectId);
  const conditions = ticketConditions(filter, parameters);
  return {
    text: `SELECT count(*)::int AS n FROM ticket t WHERE t.project_id = ${project} AND ${conditions.join(' AND ')}`,
    values: parameters.values,
  };
}

function isPlain(filter: TicketFilter): boolean {
  return Object.values(filter).every((condition) => condition === undefined);
}
