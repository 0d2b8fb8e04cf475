import { AsyncLocalStorage } from 'node:async_hooks';

/** What belongs to one request, or to one unit of work in the background. */
export interface RequestContext {
  readonly requestId: string;
}

const storage = new AsyncLocalStorage<RequestContext>();

/** Runs `work` as part of a request: what it logs and writes carries the request's id. */
export function runInRequest<T>(context: RequestContext, work: () => T): T {
  return storage.run(context, work);
}

/** The id of the request that is being served; undefined in the background. */
export function currentRequestId(): string | undefined {
  return storage.getStore()?.requestId;
}
