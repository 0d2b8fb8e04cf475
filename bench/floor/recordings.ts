import { PHRASES, SEARCHES } from '../database/phrases';
import { HttpConnection } from '../loader/http-connection';
import type { HttpAddress } from '../loader/http-connection';
import { httpRequest } from '../product/requests';
import { messageText } from '../workload';
import type { BenchProject } from '../workload';
import { recordStatements } from './record-statements';
import type { Recording } from './record-statements';
import { TransactionTemplate } from './transaction-template';
import type { RecordedInputs } from './transaction-template';

/** What the product sends to the database for each kind of request. */
export interface Recordings {
  readonly create: TransactionTemplate;
  /** The first reply to a ticket, the second, and so on. */
  readonly replies: readonly TransactionTemplate[];
  readonly list: TransactionTemplate;
  /** The page's statement alone: no transaction, no row-level security. */
  readonly listQuery: TransactionTemplate;
  readonly details: TransactionTemplate;
  /** The ticket's statement alone. */
  readonly detailsQuery: TransactionTemplate;
  readonly searches: readonly TransactionTemplate[];
}

const TICKETS = '/v1/helpdesk/tickets';
const REPLIES = 10;

/** Sends one request of each kind to the product in this process, and records its statements. */
export async function recordProduct(address: HttpAddress, { projectId, key }: BenchProject): Promise<Recordings> {
  const connection = await HttpConnection.open(address);
  const send = async (request: string): Promise<{ id: string; ticket_number: number }> => {
    const answer = await connection.send(request);
    if (answer.status >= 300 || answer.status === 0) {
      throw new Error(`A request to be recorded was answered ${answer.status}: ${answer.body.toString()}`);
    }
    return JSON.parse(answer.body.toString()) as { id: string; ticket_number: number };
  };
  const get = async (path: string): Promise<Recording> =>
    recordStatements(() => send(httpRequest('GET', TICKETS + path, { key })));
  try {
    // The first request looks the key up; from then on it is known.
    await send(httpRequest('GET', TICKETS, { key }));
    const text = messageText();
    let ticketId = '';
    let ticketNumber = 0;
    const created = await recordStatements(async () => {
      ({ id: ticketId, ticket_number: ticketNumber } = await send(
        httpRequest('POST', TICKETS, { key, body: { subject: PHRASES.problem[0], text } }),
      ));
    });
    const replies: TransactionTemplate[] = [];
    for (let index = 0; index < REPLIES; index++) {
      const request = httpRequest('POST', `${TICKETS}/${ticketId}/reply`, { key, body: { text: PHRASES.answer[0] } });
      replies.push(new TransactionTemplate(await recordStatements(() => send(request)), { projectId, ticketId }));
    }
    const list = await get('');
    const details = await get(`/${ticketId}`);
    const searches: TransactionTemplate[] = [];
    for (const words of SEARCHES) {
      searches.push(new TransactionTemplate(await get(`?q=${encodeURIComponent(words)}`), { projectId }));
    }
    const of = (recording: Recording, inputs: Partial<RecordedInputs> = {}) =>
      new TransactionTemplate(recording, { projectId, ...inputs });
    return {
      create: of(created, { text, ticketNumber }),
      replies,
      list: of(list),
      listQuery: of(onlyStatement(list, 'ticket-list -created_at')),
      details: of(details, { ticketId }),
      detailsQuery: of(onlyStatement(details, 'ticket-details'), { ticketId }),
      searches,
    };
  } finally {
    connection.close();
  }
}

/** One statement of a recording, for the connections of the tables' owner. */
function onlyStatement({ roundTrips }: Recording, name: string): Recording {
  const statement = roundTrips.flat().find((one) => one.name === name);
  if (!statement) {
    throw new Error(`The product sent no statement named ${name}: the benchmark must learn the new name.`);
  }
  return { roundTrips: [[statement]], connectionOptions: '-c TimeZone=UTC' };
}
