import { ManagementError } from './management.errors';

const TIMEOUT_MS = 10_000;

const OK = [200, 201, 204];
const UNAUTHORIZED = 401;
const FORBIDDEN = 403;
const NOT_FOUND = 404;

type Method = 'GET' | 'POST' | 'DELETE';

/** Requests to the HTTP API of RabbitMQ's management plugin, with the user and the password of its address. */
export class ManagementApi {
  private readonly base: string;
  private readonly user: string;
  private readonly authorization: string;

  /** @param url `http://user:password@host:15672`, with TLS `https://…`; the API is below it at `/api`. */
  constructor(url: string) {
    const address = new URL(url);
    this.user = decodeURIComponent(address.username);
    const login = `${this.user}:${decodeURIComponent(address.password)}`;
    this.authorization = `Basic ${Buffer.from(login).toString('base64')}`;
    this.base = `${address.origin}${address.pathname.replace(/\/+$/, '')}`;
  }

  /**
   * Reads an object or a list.
   * @param path its parts, which are encoded; a last one may be a query.
   * @returns undefined when there is no such object. @throws {ManagementError}
   */
  async get<Answer>(...path: readonly string[]): Promise<Answer | undefined> {
    const { status, body } = await this.send('GET', path);
    return status === NOT_FOUND ? undefined : (body as Answer);
  }

  /** @throws {ManagementError} unless the broker has done it. */
  async post(path: string, body: object): Promise<void> {
    const answer = await this.send('POST', [path], body);
    if (answer.status === NOT_FOUND) {
      throw ManagementError.refused(`POST /api/${path}`, answer.status, reasonIn(answer.body));
    }
  }

  /** @returns whether there was something to delete. @throws {ManagementError} */
  async delete(...path: readonly string[]): Promise<boolean> {
    return (await this.send('DELETE', path)).status !== NOT_FOUND;
  }

  private async send(method: Method, path: readonly string[], body?: object): Promise<Answered> {
    const route = path.map((part) => (part.startsWith('?') ? part : `/${encodeURIComponent(part)}`)).join('');
    const answer = await this.fetch(method, `${this.base}/api${route}`, body);
    if (OK.includes(answer.status) || answer.status === NOT_FOUND) {
      return answer;
    }
    const reason = reasonIn(answer.body);
    if (answer.status === UNAUTHORIZED || answer.status === FORBIDDEN) {
      throw /login failed/i.test(reason)
        ? ManagementError.wrongLogin(this.base, this.user)
        : ManagementError.noRight(this.user, reason);
    }
    throw ManagementError.refused(`${method} /api${route}`, answer.status, reason);
  }

  private async fetch(method: Method, url: string, body?: object): Promise<Answered> {
    let status: number;
    let text: string;
    try {
      const response = await fetch(url, {
        method,
        headers: { authorization: this.authorization, 'content-type': 'application/json' },
        body: body && JSON.stringify(body),
        redirect: 'manual',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      status = response.status;
      text = await response.text();
    } catch (error) {
      throw ManagementError.unreachable(this.base, error);
    }
    const answer = { status, body: parse(text) };
    if (answer.body === undefined || (status >= 300 && !hasReason(answer.body))) {
      throw ManagementError.alien(this.base, status);
    }
    return answer;
  }
}

interface Answered {
  readonly status: number;
  /** Null for an empty one. */
  readonly body: unknown;
}

/** Undefined for what is not JSON, which the API never answers. */
function parse(text: string): unknown {
  try {
    return text === '' ? null : (JSON.parse(text) as unknown);
  } catch {
    return undefined;
  }
}

/** Every refusal of the API has one. */
function hasReason(body: unknown): body is { readonly reason: unknown } {
  return typeof body === 'object' && body !== null && 'reason' in body;
}

function reasonIn(body: unknown): string {
  const reason = hasReason(body) ? body.reason : body;
  return typeof reason === 'string' ? reason : JSON.stringify(reason);
}
