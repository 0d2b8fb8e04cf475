import type { HttpAddress } from '../loader/http-connection';
import { HttpConnection } from '../loader/http-connection';
import { openLoop } from '../loader/loops';
import type { Operation } from '../loader/loops';
import { oneOf } from '../cases/target';
import { httpRequest } from '../product/requests';
import { pause } from '../product/server-process';
import { newTicket } from '../workload';
import type { BenchProject } from '../workload';
import type { EngineCase } from './engine-case';

const API = '/v1/helpdesk';
const RATE = 10;
const CONNECTIONS = 8;
const TAG = 'routed';

/** How often a caller looks whether the rule has done its work; that is part of what is measured. */
const LOOK_MS = 5;
const PATIENCE_MS = 10_000;

/** From the moment in which a ticket was due to be opened until a reader of the API sees what its rule has done. */
export async function routingCase(
  address: HttpAddress,
  projects: readonly BenchProject[],
  seconds: number,
): Promise<EngineCase> {
  await addRules(address, projects);
  const product = async () => {
    const connections = await Promise.all(Array.from({ length: CONNECTIONS }, () => HttpConnection.open(address)));
    const operations = connections.map(
      (connection): Operation =>
        () =>
          openUntilRouted(connection, oneOf(projects).key),
    );
    const figures = await openLoop(operations, { rate: RATE, seconds });
    connections.forEach((connection) => connection.close());
    return figures;
  };
  return { name: 'routing', title: 'create to routed, seen by GET', load: `${RATE}/s`, targets: { product } };
}

/** Each project gets one rule that fits every ticket. */
async function addRules(address: HttpAddress, projects: readonly BenchProject[]): Promise<void> {
  const body = { name: 'All', condition: { channel: 'virtual' }, action: { add_tag: TAG, set_priority: 'high' } };
  const connection = await HttpConnection.open(address);
  for (const { key } of projects) {
    const { status } = await connection.send(httpRequest('POST', `${API}/routing-rules`, { key, body }));
    if (status !== 201) {
      throw new Error(`A routing rule was refused: ${status}.`);
    }
  }
  connection.close();
}

async function openUntilRouted(connection: HttpConnection, key: string): Promise<boolean> {
  const opened = await connection.send(httpRequest('POST', `${API}/tickets`, { key, body: newTicket() }));
  if (opened.status !== 201) {
    return false;
  }
  const { id } = JSON.parse(opened.body.toString()) as { readonly id: string };
  const look = httpRequest('GET', `${API}/tickets/${id}`, { key });
  for (const deadline = performance.now() + PATIENCE_MS; performance.now() < deadline; await pause(LOOK_MS)) {
    const { body } = await connection.send(look);
    if ((JSON.parse(body.toString()) as { readonly tags: readonly string[] }).tags.includes(TAG)) {
      return true;
    }
  }
  return false;
}
