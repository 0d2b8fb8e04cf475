import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '#database';
import type { ProjectScope, Statement } from '#database';
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
  /** The tickets' JSON objects, separated by commas: rendered by the database. */
  readonly tickets: string;
  /** How many tickets match in all; not counted behind a cursor. */
  readonly total?: number;
  /** The sort keys of the last ticket here, when another page follows. */
  readonly nextKeys?: readonly unknown[];
}

interface PageRow {
  readonly tickets: string;
  readonly total: number | null;
  /** How many tickets were found for the page, with the first one of the next page. */
  readonly found: number;
  readonly last_keys: string | null;
}

/** The parts in which the kinds of lists differ, as SQL. */
interface ListParts {
  readonly with?: string;
  readonly total: string;
  /** The rows of `ticket t` on the page, and one more. */
  readonly page: string;
}

/** The limit of most pages. It stands in the statement's text, so that one plan fits them all. */
const USUAL_LIMIT = 50;

/** Lists and searches a project's tickets. */
@Injectable()
export class FindTickets {
  constructor(private readonly uow: UnitOfWork) {}

  async execute(scope: ProjectScope, request: TicketListRequest): Promise<TicketPage> {
    const [page] = await this.uow.read<PageRow>(scope, listStatement(scope, request));
    if (!page) {
      throw new Error('The list statement answered nothing.');
    }
    return {
      tickets: page.tickets,
      total: page.total ?? undefined,
      nextKeys:
        page.found > request.limit && page.last_keys !== null ? (JSON.parse(page.last_keys) as unknown[]) : undefined,
    };
  }
}

/** One statement with one row: the process that reads an answer pays for its rows more than for its text. */
function listStatement(scope: ProjectScope, request: TicketListRequest): Statement {
  const { filter, sort, limit, offset, after } = request;
  const parameters = new SqlParameters();
  const isUsual = isPlain(filter) && limit === USUAL_LIMIT && offset === 0;
  const project = parameters.add(scope.projectId);
  const size = isUsual ? String(USUAL_LIMIT) : `${parameters.add(limit)}::int`;
  const bounds = `LIMIT ${size} + 1 ${isUsual ? '' : `OFFSET ${parameters.add(offset)}`}`;
  const parts = listParts(request, { project, bounds, parameters });
  const { orderBy, keys } = TICKET_ORDERS[sort];
  return {
    name: isUsual ? `ticket-list ${sort}${after ? ' after' : ''}` : undefined,
    text: `${parts.with ?? ''}
      SELECT ${parts.total} AS total, count(*)::int AS found,
        coalesce(string_agg(p.ticket, ',' ORDER BY p.place), '') AS tickets, max(p.keys) AS last_keys
      FROM (
        SELECT t.place, CASE WHEN t.place <= ${size} THEN ${TICKET_PAYLOAD_SQL}::text END AS ticket,
          CASE WHEN t.place = ${size} THEN json_build_array(${keys.join(', ')})::text END AS keys
        FROM (SELECT t.*, row_number() OVER (ORDER BY ${orderBy}) AS place FROM (${parts.page}) t) t
      ) p`,
    values: parameters.values,
  };
}

/** Behind a cursor nothing is counted. The words of a search are looked up once for page and total: that is most of the work. */
function listParts(
  { filter, sort, after }: TicketListRequest,
  { project, bounds, parameters }: { project: string; bounds: string; parameters: SqlParameters },
): ListParts {
  const { orderBy } = TICKET_ORDERS[sort];
  const own = [`t.project_id = ${project}`, ...ticketConditions(filter, parameters)].join(' AND ');
  if (after) {
    const behind = afterTicket(sort, after, parameters);
    return {
      total: 'NULL::int',
      page: `SELECT t.* FROM ticket t WHERE ${own} AND ${behind} ORDER BY ${orderBy} ${bounds}`,
    };
  }
  if (filter.words === undefined) {
    return {
      total: totalSql(filter, project, own),
      page: `SELECT t.* FROM ticket t WHERE ${own} ORDER BY ${orderBy} ${bounds}`,
    };
  }
  return {
    with: `WITH matches AS MATERIALIZED (
      SELECT t.id, t.created_at, t.updated_at, t.priority_rank, t.sla_due_at FROM ticket t WHERE ${own})`,
    total: '(SELECT count(*)::int FROM matches)',
    page: `SELECT t.* FROM (SELECT t.id FROM matches t ORDER BY ${orderBy} ${bounds}) found
      JOIN ticket t ON t.project_id = ${project} AND t.id = found.id`,
  };
}

/** Tickets are numbered without gaps and never deleted, so the number of all is the last number. */
function totalSql(filter: TicketFilter, project: string, own: string): string {
  return isPlain(filter)
    ? `(SELECT last_number FROM ticket_counter WHERE project_id = ${project})`
    : `(SELECT count(*)::int FROM ticket t WHERE ${own})`;
}

function isPlain(filter: TicketFilter): boolean {
  return Object.values(filter).every((condition) => condition === undefined);
}
