import { withClient } from './database/bench-databases';
import { LONG_CONVERSATION } from './database/load-tickets.sql';
import { PHRASES, SEARCHES } from './database/phrases';
import { oneOf } from './cases/target';
import { HttpConnection } from './loader/http-connection';
import type { HttpAddress } from './loader/http-connection';
import { httpRequest } from './product/requests';

/** A loaded project and its live key. */
export interface BenchProject {
  readonly projectId: string;
  readonly key: string;
}

/** A loaded ticket. */
export interface BenchTicket {
  readonly projectId: string;
  readonly ticketId: string;
}

/** The loaded tickets that requests ask for. */
export interface LoadedTickets {
  /** With a long conversation. */
  readonly long: readonly BenchTicket[];
  /** With their opening message alone: any number of replies fits. */
  readonly fresh: readonly BenchTicket[];
  readonly agents: ReadonlyArray<{ readonly projectId: string; readonly agentId: string }>;
}

const TICKETS = '/v1/helpdesk/tickets';
const DISTINCT_REQUESTS = 2_000;

/** Finds the tickets that the requests will be about, the newest first. */
export async function findTickets(url: string): Promise<LoadedTickets> {
  return withClient(url, async (client) => {
    const tickets = async (condition: string) =>
      (
        await client.query<BenchTicket>(
          `SELECT project_id AS "projectId", id AS "ticketId" FROM ticket WHERE ${condition} ORDER BY created_at DESC LIMIT 20000`,
        )
      ).rows;
    const agents = await client.query<{ projectId: string; agentId: string }>(
      'SELECT project_id AS "projectId", id AS "agentId" FROM member',
    );
    return {
      long: await tickets(`message_count = ${LONG_CONVERSATION}`),
      fresh: await tickets("message_count = 1 AND status = 'new'"),
      agents: agents.rows,
    };
  });
}

/** A customer's message like the loaded ones. */
export function messageText(): string {
  const problem = oneOf(PHRASES.problem).replace('%s', oneOf(PHRASES.thing));
  const order = Math.floor(Math.random() * 100_000);
  return `${oneOf(PHRASES.opening)} ${problem}, заказ ${order}. ${oneOf(PHRASES.detail)} ${oneOf(PHRASES.detail)}`;
}

/** The body of a request that opens a ticket. */
export function newTicket(): { readonly subject: string; readonly text: string } {
  return { subject: oneOf(PHRASES.problem).replace('%s', oneOf(PHRASES.thing)), text: messageText() };
}

/** The requests of the API's cases, ready to be sent: a pool for each, from which the loader takes at random. */
export class RequestPools {
  constructor(
    private readonly projects: readonly BenchProject[],
    private readonly tickets: LoadedTickets,
  ) {}

  create(projects: readonly BenchProject[] = this.projects): string[] {
    return many(() => httpRequest('POST', TICKETS, { key: oneOf(projects).key, body: newTicket() }));
  }

  reply(): string[] {
    return many(() => {
      const ticket = oneOf(this.tickets.fresh);
      const body = { text: oneOf(PHRASES.answer) };
      return httpRequest('POST', `${TICKETS}/${ticket.ticketId}/reply`, { key: this.keyOf(ticket.projectId), body });
    });
  }

  firstPage(): string[] {
    return this.projects.map(({ key }) => httpRequest('GET', TICKETS, { key }));
  }

  /** A page far from the beginning, by cursor: behind four fifths of the tickets, or as far as an offset reaches. */
  async deepPage(address: HttpAddress, ticketsPerProject: number): Promise<string[]> {
    const offset = Math.min(10_000, Math.floor(ticketsPerProject * 0.8));
    const connection = await HttpConnection.open(address);
    const requests: string[] = [];
    for (const { key } of this.projects) {
      const answer = await connection.send(httpRequest('GET', `${TICKETS}?limit=1&offset=${offset}`, { key }));
      const { next_cursor: cursor } = JSON.parse(answer.body.toString()) as { next_cursor: string };
      requests.push(httpRequest('GET', `${TICKETS}?cursor=${cursor}`, { key }));
    }
    connection.close();
    return requests;
  }

  filtered(): string[] {
    return this.tickets.agents.flatMap(({ projectId, agentId }) =>
      [
        'status=new,in_progress',
        `assigned_to=${agentId}`,
        'priority=urgent&sort=-updated_at',
        'tag=vip',
        'unanswered=true&sort=priority',
        'status=closed&channel=max',
      ].map((query) => httpRequest('GET', `${TICKETS}?${query}`, { key: this.keyOf(projectId) })),
    );
  }

  details(): string[] {
    return this.tickets.long.map(({ projectId, ticketId }) =>
      httpRequest('GET', `${TICKETS}/${ticketId}`, { key: this.keyOf(projectId) }),
    );
  }

  search(): string[] {
    return this.projects.flatMap(({ key }) =>
      SEARCHES.map((words) => httpRequest('GET', `${TICKETS}?q=${encodeURIComponent(words)}`, { key })),
    );
  }

  private keyOf(projectId: string): string {
    const project = this.projects.find((one) => one.projectId === projectId);
    if (!project) {
      throw new Error(`Project ${projectId} was not made by this run.`);
    }
    return project.key;
  }
}

function many(make: () => string): string[] {
  return Array.from({ length: DISTINCT_REQUESTS }, make);
}
