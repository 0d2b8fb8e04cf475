import { AsyncLocalStorage } from 'node:async_hooks';

/** What belongs to one request, or to one unit of work in the background. */
export interface RequestContext {
  readonly requestId: string;
  /** The trace that it belongs to, as W3C Trace Context writes it; undefined when the caller named none. */
  readonly traceparent?: string;
}

const storage = new AsyncLocalStorage<RequestContext>();

/** Runs `work` as part of a request: what it logs and writes carries the request's id, and its trace. */
export function runInRequest<T>(context: RequestContext, work: () => T): T {
  return storage.run(context, work);
}

/** The request that is being served; undefined in the background. */
export function currentRequest(): RequestContext | undefined {
  return storage.getStore();
}

/** The id of the request that is being served; undefined in the background. */
export function currentRequestId(): string | undefined {
  return currentRequest()?.requestId;
}
