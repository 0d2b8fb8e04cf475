import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { DomainError } from '#contracts';
import {
  answerMalformedRequests,
  answerOf,
  bodyTooLarge,
  HttpDrain,
  messageOf,
  ownerOf,
  portError,
  requestIdOf,
  sendError,
} from '#platform';
import type { AppName, JsonLogger } from '#platform';
import { forward } from './forward';

/** What a gateway stands before. */
export interface GatewayOptions {
  /** Where the installation is reached from outside. */
  readonly publicUrl: string;
  /** The apps that run; the first gets what none of them owns. */
  readonly apps: readonly AppName[];
  /** Where an app serves; undefined while it does not. */
  readonly portOf: (app: AppName) => number | undefined;
  readonly logger: Pick<JsonLogger, 'warn'>;
}

const RETRY_AFTER_SECONDS = 1;

/** How much of a body that nobody wants is read, so that its sender gets to read the answer. */
const MAX_UNWANTED_BYTES = 16 * 1024 * 1024;

/**
 * One address before the apps of this machine: hands each request to the app that owns its path, as it comes and without
 * gathering it, and the answer back. When the app cannot be reached the caller is told to come again.
 */
export class Gateway {
  private constructor(
    private readonly drain: HttpDrain,
    readonly url: string,
  ) {}

  /** @throws {Error} when the port cannot be had. */
  static async listen(port: number, options: GatewayOptions): Promise<Gateway> {
    const server = createServer((request, response) => handle(request, response, options));
    answerMalformedRequests(server, options.publicUrl);
    const drain = new HttpDrain(server);
    await listen(server, port);
    const address = server.address();
    return new Gateway(
      drain,
      `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : port}`,
    );
  }

  /**
   * Lets callers leave for so many seconds, takes no new ones, and resolves when all are answered.
   * @param onClosing is told when no new ones are taken: time to stop the apps, whose streams would go on otherwise.
   */
  async close(drainSeconds: number, onClosing?: () => void): Promise<void> {
    await this.drain.close(drainSeconds, onClosing);
  }
}

function handle(request: IncomingMessage, response: ServerResponse, options: GatewayOptions): void {
  const { apps, portOf, publicUrl, logger } = options;
  const owner = ownerOf(pathOf(request.url ?? ''));
  const app = apps.includes(owner) ? owner : (apps[0] as AppName);
  const requestId = requestIdOf(request);
  const refuse = (error: DomainError): void => {
    whenSent(request, (isWhole) => {
      response.setHeader('X-Request-Id', requestId);
      if (!isWhole) {
        response.setHeader('Connection', 'close');
      }
      sendError(response, answerOf(error, requestId, publicUrl));
    });
  };
  const fail = (reason: string): void => {
    logger.warn({ event: 'gateway.failed', app, reason, request_id: requestId });
    if (response.headersSent) {
      // Half an answer must not pass for a whole one.
      response.destroy();
    } else {
      refuse(unreachable(app));
    }
  };
  const port = portOf(app);
  if (port === undefined) {
    fail('it does not run');
    return;
  }
  try {
    forward(request, response, { port, requestId, fail, tooLarge: () => refuse(bodyTooLarge()) });
  } catch (error) {
    fail(messageOf(error));
  }
}

/** Waits until a caller has sent all, within bounds: an end of the connection before would take the answer from him. */
function whenSent(request: IncomingMessage, answer: (isWhole: boolean) => void): void {
  if (request.readableEnded) {
    answer(true);
    return;
  }
  let size = 0;
  const count = (chunk: Buffer): void => {
    size += chunk.length;
    if (size > MAX_UNWANTED_BYTES) {
      request.off('data', count).pause();
      answer(false);
    }
  };
  request
    .on('data', count)
    .once('end', () => answer(true))
    .resume();
}

function unreachable(app: AppName): DomainError {
  return new DomainError(
    'platform_busy',
    `${app} cannot be reached just now. Send the request again in a moment; a POST with the same Idempotency-Key.`,
    { retryAfterSeconds: RETRY_AFTER_SECONDS },
  );
}

/** The address may name the host too (RFC 9112, 3.2.2). */
const pathOf = (target: string): string => target.replace(/^https?:\/\/[^/?#]*/i, '');

async function listen(server: Server, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(portError(error, 'PORT', port) as Error));
    server.listen(port, resolve);
  });
}
