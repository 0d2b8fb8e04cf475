import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Metrics } from '../metrics/metrics';
import type { Readiness } from './readiness';

/** What the probes need to know. */
export interface OpsSources {
  readonly readiness: Readiness;
  readonly metrics: Metrics;
  /** Rejects when the process cannot reach what it needs to serve. */
  readonly check: () => Promise<void>;
}

/**
 * The port of the operators: `/livez` (the process turns), `/startupz` (it has begun to serve), `/readyz` (it wants requests
 * and reaches its database), `/metrics` (Prometheus). Not for the public: it knows no keys.
 */
export class OpsServer {
  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  /** @throws {Error} when the port is taken. */
  static async listen(port: number, sources: OpsSources): Promise<OpsServer> {
    const server = createServer((request, response) => {
      void respond(request, response, sources);
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, resolve);
    });
    return new OpsServer(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => {
      this.server.close(() => resolve());
    });
  }
}

async function respond(request: IncomingMessage, response: ServerResponse, sources: OpsSources): Promise<void> {
  const { status, type, body } = await answer(request.url ?? '/', sources).catch((error: unknown) =>
    plain(500, String(error)),
  );
  response.writeHead(status, { 'Content-Type': type, 'Content-Length': Buffer.byteLength(body) });
  response.end(body);
}

interface OpsAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

async function answer(url: string, sources: OpsSources): Promise<OpsAnswer> {
  const { phase } = sources.readiness;
  switch (url.split('?', 1)[0]) {
    case '/livez':
      return plain(200, 'ok');
    case '/startupz':
      return plain(phase === 'starting' ? 503 : 200, phase);
    case '/readyz':
      return ready(sources);
    case '/metrics':
      return {
        status: 200,
        type: sources.metrics.registry.contentType,
        body: await sources.metrics.registry.metrics(),
      };
    default:
      return plain(404, 'There are /livez, /startupz, /readyz and /metrics.');
  }
}

async function ready({ readiness, check }: OpsSources): Promise<OpsAnswer> {
  if (readiness.phase !== 'ready') {
    return plain(503, readiness.phase);
  }
  try {
    await check();
    return plain(200, 'ready');
  } catch {
    return plain(503, 'the database does not answer');
  }
}

function plain(status: number, text: string): OpsAnswer {
  return { status, type: 'text/plain; charset=utf-8', body: `${text}\n` };
}
