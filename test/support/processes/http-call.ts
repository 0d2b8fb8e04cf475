import { Agent, request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { text } from 'node:stream/consumers';

/** Longest wait for an answer, in milliseconds: above every limit of the product. */
const PATIENCE_MS = 30_000;

/** A request of a test, sent over a connection of its choice. */
export interface HttpCall {
  readonly url: string;
  readonly method: 'GET' | 'POST' | 'PATCH';
  readonly path: string;
  readonly key?: string;
  readonly idempotencyKey?: string;
  readonly body?: unknown;
  /** A connection of its own for this request unless given. */
  readonly agent?: Agent;
}

/** A whole answer. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

/** The connection ended without a whole answer; the cause's `code` says how. */
export class ConnectionLost extends Error {
  constructor(
    readonly code: string,
    /** True when the connection had served a request before: then the server may have ended it as this request went out. */
    readonly wasReused: boolean,
    /** True when a part of the answer had come. */
    readonly amidAnswer: boolean,
    /** When it was seen that the connection stands, as `performance.now()` counts; undefined when it never did, or stood before. */
    readonly connectedAt: number | undefined,
    options: ErrorOptions,
  ) {
    super(`${code}${amidAnswer ? ' in the middle of an answer' : ''}`, options);
  }
}

/**
 * Sends one request and reads its answer to the end.
 * @throws {ConnectionLost} when there is no whole answer.
 */
export async function httpCall(call: HttpCall): Promise<HttpAnswer> {
  const body = call.body === undefined ? undefined : JSON.stringify(call.body);
  const agent = call.agent ?? new Agent({ keepAlive: false, maxSockets: 1 });
  const outgoing = request(new URL(call.path, call.url), {
    method: call.method,
    agent,
    signal: AbortSignal.timeout(PATIENCE_MS),
    headers: {
      ...(call.key && { Authorization: `Bearer ${call.key}` }),
      ...(call.idempotencyKey && { 'Idempotency-Key': call.idempotencyKey }),
      ...(body && { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) }),
    },
  });
  let amidAnswer = false;
  let connectedAt: number | undefined;
  outgoing.once('socket', (socket) => {
    if (socket.connecting) {
      socket.once('connect', () => (connectedAt = performance.now()));
    }
  });
  try {
    return await new Promise<HttpAnswer>((resolve, reject) => {
      outgoing.once('error', reject);
      outgoing.once('response', (incoming) => {
        amidAnswer = true;
        text(incoming).then(
          (answer) => resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: parse(answer) }),
          reject,
        );
      });
      outgoing.end(body);
    });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new ConnectionLost(code, outgoing.reusedSocket, amidAnswer, connectedAt, { cause: error });
  }
}

function parse(answer: string): unknown {
  try {
    return JSON.parse(answer) as unknown;
  } catch {
    return answer;
  }
}
