export { currentRequest, currentRequestId, runInRequest } from '#messaging';
export type { RequestContext } from '#messaging';
