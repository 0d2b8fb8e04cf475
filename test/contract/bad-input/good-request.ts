import type { DescribedOperation } from '../../support/api-document';
import { requestsOf } from '../isolation/sweep';
import type { Tenant } from '../isolation/tenant';

/** A request that works, to be spoilt. */
export interface GoodRequest {
  readonly method: string;
  readonly path: string;
  readonly body?: Readonly<Record<string, unknown>>;
}

/** A request of this operation that works with the tenant's own ids, without a query. */
export function goodRequest(described: DescribedOperation, tenant: Tenant): GoodRequest {
  const [request] = requestsOf(described, tenant);
  const path = described.path.replace(/\{(\w+)\}/g, (_all, name: string) => String(request?.path?.[name]));
  return { method: described.method, path, body: request?.body };
}
