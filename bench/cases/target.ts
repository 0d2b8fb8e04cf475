import { HttpConnection } from '../loader/http-connection';
import type { HttpAddress } from '../loader/http-connection';
import type { Operation } from '../loader/loops';
import { openFloor } from '../floor/floor';
import type { FloorAddress, ReplayStep } from '../floor/floor';

/** Who answers requests: the product, the same SQL by bare `pg`, the one query of a read by bare `pg`, or the minimal server. */
export type RequestTargetName = 'product' | 'floor' | 'query' | 'twin';

/**
 * Who moves events: the product, bare `pg`, bare amqplib with one queue, or bare amqplib with the two that the product's events go
 * to. `handler` is the product as its handlers see it, before their effect is durable; `writer` what its commit took.
 */
export type EventTargetName = 'product' | 'handler' | 'writer' | 'database' | 'broker' | 'broker+log';

export type TargetName = RequestTargetName | EventTargetName;

/** Open connections, each with the request that it repeats. */
export interface Connections {
  readonly operations: readonly Operation[];
  close(): Promise<void>;
}

/** One side of a comparison. */
export interface Target {
  readonly name: TargetName;
  open(connections: number): Promise<Connections>;
  /** Waits for what a measurement leaves behind, so that the next one does not pay for it. */
  settle?(): Promise<void>;
}

/** Sends requests of the pool at random. */
export function httpTarget(
  name: TargetName,
  address: HttpAddress,
  pool: readonly string[],
  settle?: () => Promise<void>,
): Target {
  return {
    name,
    settle,
    open: async (count) => {
      const connections = await Promise.all(Array.from({ length: count }, () => HttpConnection.open(address)));
      return {
        operations: connections.map((connection) => async () => isSuccess(await connection.send(oneOf(pool)))),
        close: async () => connections.forEach((connection) => connection.close()),
      };
    },
  };
}

/** Replays recorded transactions. */
export function floorTarget(
  name: 'floor' | 'query',
  address: FloorAddress,
  begin: (connections: number) => Promise<(connection: number) => ReplayStep>,
): Target {
  return {
    name,
    open: async (count) => openFloor(address, count, await begin(count)),
  };
}

/** One of the values, each as likely as the other. */
export function oneOf<T>(values: readonly T[]): T {
  return values[Math.floor(Math.random() * values.length)] as T;
}

function isSuccess({ status }: { readonly status: number }): boolean {
  return status >= 200 && status < 300;
}
