import { withClient } from '../database/bench-databases';
import type { ReplayStep } from '../floor/floor';
import type { Recordings } from '../floor/recordings';
import { ReplyPool } from '../floor/reply-pool';
import type { TransactionTemplate } from '../floor/transaction-template';
import type { HttpAddress } from '../loader/http-connection';
import { pause } from '../product/server-process';
import { httpRequest } from '../product/requests';
import { messageText, newTicket, RequestPools } from '../workload';
import type { BenchProject, LoadedTickets } from '../workload';
import type { BenchCase } from './bench-case';
import { floorTarget, httpTarget, oneOf } from './target';
import type { Target } from './target';

/** What is running, and over which database. */
export interface Sides {
  readonly product: { readonly address: HttpAddress; readonly databaseUrl: string };
  /** The product over few tickets. */
  readonly small: { readonly address: HttpAddress; readonly pools: RequestPools };
  readonly twin: HttpAddress;
  /** The database of floor and twin, on which no relay works. */
  readonly referenceUrl: string;
}

/** What requests are about. */
export interface Material {
  readonly projects: readonly BenchProject[];
  readonly tickets: LoadedTickets;
  readonly ticketsPerProject: number;
  readonly recordings: Recordings;
}

const RELAY_DEADLINE_MS = 120_000;

/** All cases, ready to be measured. */
export async function makeCases(sides: Sides, material: Material): Promise<readonly BenchCase[]> {
  const { projects, recordings } = material;
  const pools = new RequestPools(projects, material.tickets);
  const hot = projects.slice(0, 1);
  const deep = await pools.deepPage(sides.product.address, material.ticketsPerProject);
  const read = (pool: readonly string[]): Target => httpTarget('product', sides.product.address, pool);
  return [
    {
      name: 'create',
      title: 'create, 50 projects',
      targets: createTargets(sides, material, projects),
      openLoopRate: 500,
    },
    { name: 'create-hot', title: 'create, one hot project', targets: createTargets(sides, material, hot) },
    { name: 'reply', title: 'reply', targets: replyTargets(sides, material, pools), openLoopRate: 300 },
    {
      name: 'list',
      title: 'list, first page',
      targets: [read(pools.firstPage()), ...readFloors(sides, [recordings.list], recordings.listQuery, projects)],
      openLoopRate: 500,
    },
    { name: 'list-deep', title: 'list, deep page by cursor', targets: [read(deep)] },
    { name: 'list-filtered', title: 'list, filtered', targets: [read(pools.filtered())] },
    {
      name: 'list-small',
      title: 'list at 10,000 tickets',
      targets: [httpTarget('product', sides.small.address, sides.small.pools.firstPage())],
    },
    {
      name: 'details',
      title: 'details, 20 messages',
      targets: [
        read(pools.details()),
        ...readFloors(sides, [recordings.details], recordings.detailsQuery, material.tickets.long),
      ],
      openLoopRate: 500,
    },
    {
      name: 'search',
      title: 'search',
      targets: [read(pools.search()), ...readFloors(sides, recordings.searches, undefined, projects)],
      openLoopRate: 50,
    },
  ];
}

function createTargets(
  { product, twin, referenceUrl }: Sides,
  { recordings, projects: all, tickets }: Material,
  projects: readonly BenchProject[],
): Target[] {
  const pools = new RequestPools(all, tickets);
  const next = (): ReplayStep => ({
    template: recordings.create,
    inputs: { projectId: oneOf(projects).projectId, text: messageText() },
  });
  const twinRequests = Array.from({ length: 2_000 }, () =>
    httpRequest('POST', `/projects/${oneOf(projects).projectId}/tickets`, { body: newTicket() }),
  );
  return [
    httpTarget('product', product.address, pools.create(projects), () => relayed(product.databaseUrl)),
    floorTarget('floor', address(referenceUrl, recordings.create), async () => next),
    httpTarget('twin', twin, twinRequests),
  ];
}

function replyTargets(
  { product, referenceUrl }: Sides,
  { recordings, tickets }: Material,
  pools: RequestPools,
): Target[] {
  const [first] = recordings.replies;
  const pool = new ReplyPool(recordings.replies, tickets.fresh);
  return [
    httpTarget('product', product.address, pools.reply(), () => relayed(product.databaseUrl)),
    floorTarget('floor', address(referenceUrl, first as TransactionTemplate), (connections) =>
      pool.begin(referenceUrl, connections),
    ),
  ];
}

function readFloors(
  { referenceUrl }: Sides,
  transactions: readonly TransactionTemplate[],
  query: TransactionTemplate | undefined,
  inputs: ReadonlyArray<ReplayStep['inputs']>,
): Target[] {
  const [first] = transactions;
  const floor = floorTarget('floor', address(referenceUrl, first as TransactionTemplate), async () => () => ({
    template: oneOf(transactions),
    inputs: oneOf(inputs),
  }));
  if (!query) {
    return [floor];
  }
  const next = (): ReplayStep => ({ template: query, inputs: oneOf(inputs) });
  return [floor, floorTarget('query', address(referenceUrl, query), async () => next)];
}

function address(url: string, { connectionOptions }: TransactionTemplate) {
  return { url, options: connectionOptions };
}

/** Waits until the relay has published every event. */
async function relayed(url: string): Promise<void> {
  await withClient(url, async (client) => {
    const deadline = performance.now() + RELAY_DEADLINE_MS;
    while (performance.now() < deadline) {
      const { rowCount } = await client.query('SELECT FROM outbox WHERE published_at IS NULL LIMIT 1');
      if (rowCount === 0) {
        return;
      }
      await pause(100);
    }
    throw new Error(`Events wait for the relay for more than ${RELAY_DEADLINE_MS / 1_000} s.`);
  });
}
