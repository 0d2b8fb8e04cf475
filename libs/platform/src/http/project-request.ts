import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Actor } from '#contracts';
import type { ProjectScope } from '#database';

/** A request as middleware, guards and interceptors of the API see it; only what any HTTP adapter has. */
export interface ApiRequest extends IncomingMessage {
  body?: unknown;
  query?: Record<string, unknown>;
  requestId?: string;
  /** The body as it came, for fingerprints and signatures. */
  rawBody?: Buffer;
  /** The project on whose behalf the request acts; set by the guard. */
  projectScope?: ProjectScope;
  /** Who acts, for history and events; set by the guard. */
  actor?: Actor;
  /** The key that authorises it, for the log line. */
  keyId?: string;
  /** Whether the key may still be used, for answers that go on and on; set by the guard. */
  isStillAllowed?: () => Promise<boolean>;
  /** Ends an answer that goes on and on; set by the interceptor of event streams. */
  streamSignal?: AbortSignal;
  /** The route's pattern, for metrics and the log line. */
  routePattern?: string;
}

/** An answer that is being made. */
export type ApiResponseMessage = ServerResponse;
