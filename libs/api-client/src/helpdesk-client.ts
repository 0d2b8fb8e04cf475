import createClient from 'openapi-fetch';
import type { Client } from 'openapi-fetch';
import type { paths } from './generated/schema';

/** Every operation of the API with its types: `await helpdesk.POST('/v1/helpdesk/tickets', { body: { text: 'Hello' } })`. */
export type HelpdeskClient = Client<paths, 'application/json'>;

/** Where the API is and who calls it. */
export interface HelpdeskClientOptions {
  /** Address of the installation, such as `https://helpdesk.example.com`. */
  readonly baseUrl: string;
  /** The project's key; it decides whether the live or the test side is spoken to. */
  readonly apiKey: string;
  /** Sends the requests; the global `fetch` unless given. */
  readonly fetch?: (request: Request) => Promise<Response>;
}

/**
 * Makes a client of the API. An answer has `data` when it is a success and `error`, the error envelope, when it is none; a
 * connection that fails rejects.
 */
export function createHelpdeskClient({ baseUrl, apiKey, fetch }: HelpdeskClientOptions): HelpdeskClient {
  return createClient<paths, 'application/json'>({
    baseUrl,
    headers: { Authorization: `Bearer ${apiKey}` },
    ...(fetch && { fetch }),
  });
}
