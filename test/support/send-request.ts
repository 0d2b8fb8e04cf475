import { assertDescribed } from './answer-validator';

/** What goes with a request. */
export interface RequestOptions {
  /** The API key; null sends none. */
  readonly key?: string | null;
  /** Sent as JSON; a text is sent as it is. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Address of another service than the project's own. */
  readonly at?: string;
}

/** An answer with its body read: JSON parsed, null for none. */
export interface Answer<Body = unknown> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

/** Sends one request and reads its whole answer; of an event stream, which has no end, what it begins with. */
export async function sendRequest<Body>(
  url: string,
  method: string,
  path: string,
  { key, body, headers }: RequestOptions = {},
): Promise<Answer<Body>> {
  const response = await fetch(url + path, {
    method,
    headers: {
      ...(key && { Authorization: `Bearer ${key}` }),
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
      ...headers,
    },
    body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body),
  });
  return readAnswer<Body>(response, method, path);
}

/** Sends a request as `fetch` does, and holds the answer against the API document: for the typed client. */
export async function fetchDescribed(request: Request): Promise<Response> {
  const response = await fetch(request);
  const { pathname, search } = new URL(request.url);
  await readAnswer(response.clone(), request.method, pathname + search);
  return response;
}

async function readAnswer<Body>(response: Response, method: string, path: string): Promise<Answer<Body>> {
  const text = await readText(response);
  const answer = { status: response.status, headers: response.headers, body: readBody(response, text) as Body };
  assertDescribed(method, path, answer);
  return answer;
}

async function readText(response: Response): Promise<string> {
  if (response.body === null || response.headers.get('content-type') !== 'text/event-stream') {
    return response.text();
  }
  const reader = response.body.getReader();
  const { value } = await reader.read();
  await reader.cancel();
  return new TextDecoder().decode(value);
}

function readBody({ headers }: Response, text: string): unknown {
  const isJson = headers.get('content-type')?.startsWith('application/json');
  return isJson && text !== '' ? JSON.parse(text) : text || null;
}
