import { request as sendRequest } from 'node:http';
import type { ClientRequest, IncomingMessage, ServerResponse } from 'node:http';
import { MAX_BODY_BYTES } from '#platform';

/** Where a request goes. */
export interface Forwarding {
  readonly port: number;
  readonly requestId: string;
  /** The app gave no answer, or no whole one. Of this and `tooLarge` one is called at most, and once. */
  readonly fail: (reason: string) => void;
  /** The body is larger than any that an app takes. */
  readonly tooLarge: () => void;
}

/** What speaks of one connection and not of the message (RFC 9110, 7.6.1); `expect` has been met by our own server. */
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'expect',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Without these the app would read another request than the caller has sent, whatever the caller's `Connection` names. */
const KEPT: ReadonlySet<string> = new Set(['content-length', 'host']);

/**
 * Sends a request on to an app of this machine and its answer back, both as they come. A caller that leaves takes the request
 * along. Each request has a connection of its own: a kept one may be closed by the app just as it is used again, and a POST that
 * is lost then could not be repeated.
 */
export function forward(request: IncomingMessage, response: ServerResponse, forwarding: Forwarding): void {
  if (Number(request.headers['content-length'] ?? 0) > MAX_BODY_BYTES) {
    forwarding.tooLarge();
    return;
  }
  const upstream = openRequest(request, forwarding);
  let isOver = false;
  const end = (tell: () => void): void => {
    if (!isOver) {
      isOver = true;
      request.unpipe(upstream);
      upstream.destroy();
      tell();
    }
  };
  const fail = (error: NodeJS.ErrnoException): void => end(() => forwarding.fail(error.code ?? error.message));
  upstream.on('error', fail);
  upstream.once('response', (answer) => {
    // The app may close behind its answer while the rest of the body is still on its way: the answer stands.
    upstream.off('error', fail).on('error', () => undefined);
    answer.once('error', fail);
    sendBack(answer, request, response);
  });
  response.once('close', () => end(() => undefined));
  request.pipe(upstream);
  // The app would refuse such a body and close, and its answer would be lost behind what we still send: so it is refused here.
  let size = 0;
  request.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) {
      end(forwarding.tooLarge);
    }
  });
}

function openRequest(request: IncomingMessage, { port, requestId }: Forwarding): ClientRequest {
  const { method, url: path } = request;
  const upstream = sendRequest({ host: '127.0.0.1', port, agent: false, setHost: false, method, path });
  copyHeaders(request, (name, values) => upstream.setHeader(name, values));
  upstream.setHeader('X-Request-Id', requestId);
  if (request.headers['transfer-encoding'] !== undefined) {
    upstream.setHeader('Transfer-Encoding', 'chunked');
  } else if (request.headers['content-length'] === undefined) {
    // Node would announce a body for a POST, even where the caller has none.
    upstream.useChunkedEncodingByDefault = false;
  }
  return upstream;
}

function sendBack(answer: IncomingMessage, request: IncomingMessage, response: ServerResponse): void {
  response.statusCode = answer.statusCode ?? 502;
  response.statusMessage = answer.statusMessage ?? '';
  copyHeaders(answer, (name, values) => response.setHeader(name, values));
  if (!request.complete) {
    // The app has answered without the rest of the body, which nobody reads.
    response.setHeader('Connection', 'close');
  }
  // A stream's reader waits for the headers, long before the first event.
  response.flushHeaders();
  answer.pipe(response);
}

function copyHeaders(message: IncomingMessage, set: (name: string, values: string[]) => void): void {
  const named = (message.headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase());
  for (const [name, values] of Object.entries(message.headersDistinct)) {
    const isForUs = HOP_BY_HOP.has(name) || (named.includes(name) && !KEPT.has(name));
    if (values && !isForUs) {
      set(name, values);
    }
  }
}
