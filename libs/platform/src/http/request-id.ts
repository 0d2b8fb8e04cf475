import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { DomainError } from '#contracts';
import { runInRequest } from '../request-context/request-context';
import type { ApiRequest, ApiResponseMessage } from './project-request';
import { readTraceparent } from './traceparent';

const ACCEPTED = /^[A-Za-z0-9._-]{8,64}$/;

/** The id of a request: the caller's own (`X-Request-Id`) where it is well-formed, else a new one. */
export function requestIdOf({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const offered = headers['x-request-id'];
  return typeof offered === 'string' && ACCEPTED.test(offered) ? offered : randomUUID();
}

/**
 * Gives the request its id and runs the rest within it and the trace that the caller names (`traceparent`). Without one there is
 * none: a trace that no tracer knows of would lead nowhere, and the request's id links what belongs together.
 */
export function identifyRequest(request: ApiRequest, response: ApiResponseMessage, next: () => void): void {
  const requestId = requestIdOf(request);
  request.requestId = requestId;
  response.setHeader('X-Request-Id', requestId);
  runInRequest({ requestId, traceparent: readTraceparent(request.headers['traceparent']) }, next);
}

/**
 * A key belongs into the Authorization header and nowhere else: addresses end up in logs. A request that carries one in its
 * query is refused whatever its header says, so that the mistake is found while it is being made.
 */
export function refuseKeyInQuery(
  request: ApiRequest,
  _response: ApiResponseMessage,
  next: (error?: unknown) => void,
): void {
  if (hasKeyInQuery(request.url ?? '')) {
    next(
      new DomainError(
        'unauthorized',
        'An API key must not stand in the address. Send it as the header Authorization: Bearer <key>.',
      ),
    );
    return;
  }
  next();
}

/** Whether a name or value of the query, however it is written, begins like a key. */
function hasKeyInQuery(url: string): boolean {
  const start = url.indexOf('?');
  return (
    start >= 0 &&
    [...new URLSearchParams(url.slice(start + 1))].some((pair) => pair.some((text) => /^\s*zn_/i.test(text)))
  );
}
