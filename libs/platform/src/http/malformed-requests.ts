import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { DomainError } from '#contracts';
import { answerOf } from './error-body';
import type { ApiRequest, ApiResponseMessage } from './project-request';

const NOT_HTTP = new DomainError('bad_request', 'This is not a well-formed HTTP request.');

/** What Node's parser refuses, by its error code, where something better can be said than that it is not HTTP. */
const REFUSALS: Readonly<Record<string, DomainError>> = {
  HPE_HEADER_OVERFLOW: new DomainError(
    'request_header_fields_too_large',
    'The address or the headers are too large. Send less in them.',
  ),
  HPE_INVALID_URL: new DomainError(
    'bad_request',
    'The address has characters that must be percent-encoded: only ASCII may stand in it (curl: -G --data-urlencode "q=…").',
  ),
};

/**
 * What is no HTTP at all gets the envelope too, as far as the connection still takes an answer. What Node would answer by itself
 * without one goes on as a request: one without a host to {@link refuseWithoutHost}, and one that expects something unknown, which
 * a server may pass over (RFC 9110, 10.1.1).
 */
export function answerMalformedRequests(server: Server, publicUrl: string): void {
  (server as Server & { requireHostHeader: boolean }).requireHostHeader = false;
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    const requestId = randomUUID();
    const { status, body } = answerOf(REFUSALS[error.code ?? ''] ?? NOT_HTTP, requestId, publicUrl);
    const text = JSON.stringify(body);
    const head = [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      `X-Request-Id: ${requestId}`,
      'Content-Type: application/json; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(text)}`,
      'Connection: close',
    ];
    socket.end(`${head.join('\r\n')}\r\n\r\n${text}`);
  });
}

/** Refuses a request that does not say whom it means, as RFC 9112, 3.2 has it. */
export function refuseWithoutHost(
  { headers, httpVersion }: ApiRequest,
  response: ApiResponseMessage,
  next: (error?: unknown) => void,
): void {
  if (headers.host !== undefined || httpVersion !== '1.1') {
    next();
    return;
  }
  response.setHeader('Connection', 'close');
  next(new DomainError('bad_request', 'The request has no Host header. Send one.'));
}
