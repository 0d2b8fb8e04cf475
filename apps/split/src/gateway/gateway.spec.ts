import { once } from 'node:events';
import { createServer, request as sendRequest } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { MAX_BODY_BYTES } from '#platform';
import type { AppName } from '#platform';
import { Gateway } from './gateway';

interface Sent {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string;
}

interface Answer {
  readonly status?: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What an app got: the head as it came, and the body. */
interface Got {
  readonly app: AppName;
  readonly method?: string;
  readonly url?: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

async function read(message: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of message.setEncoding('utf8')) {
    text += String(chunk);
  }
  return text;
}

describe('Gateway', () => {
  const servers: Server[] = [];
  const ports = new Map<AppName, number | undefined>();
  let got: Got[];
  let warned: object[];
  let gateway: Gateway;

  beforeEach(async () => {
    got = [];
    warned = [];
    for (const app of ['tickets-api', 'config-api'] as const) {
      await runApp(app, (request, response) => {
        // A request that breaks off is none.
        answerFrom(app, request, response).catch(() => undefined);
      });
    }
    gateway = await Gateway.listen(0, {
      publicUrl: 'https://desk.example.com',
      apps: ['tickets-api', 'config-api'],
      portOf: (app) => ports.get(app),
      logger: { warn: (line) => void warned.push(line as object) },
    });
  });

  afterEach(async () => {
    servers.forEach((server) => server.closeAllConnections());
    await gateway.close(0);
    await Promise.all(servers.splice(0).map((server) => once(server.close(), 'close')));
  });

  async function answerFrom(app: AppName, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method, url, headers } = request;
    got.push({ app, method, url, headers, body: await read(request) });
    response.setHeader('Set-Cookie', ['a=1', 'b=2']);
    response.setHeader('Content-Type', 'application/json');
    response.writeHead(201, 'Made').end(`{"by":"${app}"}`);
  }

  async function runApp(app: AppName, listener: RequestListener): Promise<void> {
    const server = createServer(listener).listen(0, '127.0.0.1');
    await once(server, 'listening');
    servers.push(server);
    ports.set(app, (server.address() as AddressInfo).port);
  }

  function open(path: string, { method = 'GET', headers = {} }: Sent = {}) {
    return sendRequest(`${gateway.url}${path}`, { method, headers, agent: false });
  }

  async function send(path: string, sent: Sent = {}): Promise<Answer> {
    const request = open(path, sent).end(sent.body);
    const [answer] = (await once(request, 'response')) as [IncomingMessage];
    return { status: answer.statusCode, headers: answer.headers, body: await read(answer) };
  }

  it('hands each request to the owner of its path, and brings the answer back as it is', async () => {
    const answer = await send('/v1/helpdesk/usage?month=2026-01', { headers: { Authorization: 'Bearer x' } });
    expect(answer).toMatchObject({ status: 201, body: '{"by":"config-api"}' });
    expect(answer.headers['set-cookie']).toEqual(['a=1', 'b=2']);
    expect(got).toEqual([
      expect.objectContaining({ app: 'config-api', method: 'GET', url: '/v1/helpdesk/usage?month=2026-01', body: '' }),
    ]);
    expect(got[0]?.headers).toMatchObject({ authorization: 'Bearer x', host: new URL(gateway.url).host });
    expect((await send('/docs')).body).toBe('{"by":"tickets-api"}');
  });

  it('hands on a body with a length, in chunks, and none at all', async () => {
    await send('/v1/test/clock', { method: 'POST', body: '{"a":1}', headers: { 'Content-Length': '7' } });
    await send('/v1/test/clock', { method: 'POST', body: '{"b":2}', headers: { 'Transfer-Encoding': 'chunked' } });
    await send('/v1/test/clock', { method: 'DELETE', body: 'c', headers: { 'Transfer-Encoding': 'chunked' } });
    await send('/v1/test/clock', { method: 'POST', headers: { 'Content-Length': '0' } });
    expect(got.map(({ body }) => body)).toEqual(['{"a":1}', '{"b":2}', 'c', '']);
    expect(got.map(({ headers }) => [headers['content-length'], headers['transfer-encoding']])).toEqual([
      ['7', undefined],
      [undefined, 'chunked'],
      [undefined, 'chunked'],
      ['0', undefined],
    ]);
  });

  it('keeps what belongs to a connection to itself, but never what says where the body ends', async () => {
    const headers = { Connection: 'close, X-Mine, Content-Length', 'X-Mine': '1', TE: 'trailers', 'X-Other': '2' };
    await send('/docs', { method: 'POST', headers: { ...headers, 'Content-Length': '2' }, body: 'ab' });
    expect(got).toEqual([expect.objectContaining({ body: 'ab' })]);
    expect(got[0]?.headers).toMatchObject({ 'x-other': '2', 'content-length': '2' });
    expect(Object.keys(got[0]?.headers ?? {})).not.toEqual(expect.arrayContaining(['x-mine']));
    expect(got[0]?.headers).not.toHaveProperty('te');
  });

  it('gives a request one id, for the app and for its own refusals', async () => {
    await send('/docs', { headers: { 'X-Request-Id': 'mine-1234' } });
    await send('/docs', { headers: { 'X-Request-Id': 'not acceptable' } });
    const [kept, made] = got.map(({ headers }) => headers['x-request-id']);
    expect(kept).toBe('mine-1234');
    expect(made).toMatch(/^[0-9a-f-]{36}$/);
    ports.set('config-api', undefined);
    const refused = await send('/v1/auth', { headers: { 'X-Request-Id': 'mine-5678' } });
    expect(refused.headers['x-request-id']).toBe('mine-5678');
    expect(JSON.parse(refused.body)).toMatchObject({ request_id: 'mine-5678' });
  });

  it.each([
    ['does not run', undefined],
    ['does not listen', 1],
  ])('says that the platform is busy when the app %s', async (_case, port) => {
    ports.set('config-api', port);
    const answer = await send('/v1/helpdesk/usage', { method: 'POST', body: '{}' });
    expect(answer.status).toBe(503);
    expect(answer.headers).toMatchObject({ 'retry-after': '1', 'content-type': 'application/json; charset=utf-8' });
    expect(JSON.parse(answer.body)).toEqual({
      error: expect.stringContaining('config-api cannot be reached'),
      code: 'platform_busy',
      retryable: true,
      docs_url: 'https://desk.example.com/docs/errors#platform_busy',
      request_id: answer.headers['x-request-id'],
    });
    expect(warned).toEqual([expect.objectContaining({ event: 'gateway.failed', app: 'config-api' })]);
    expect((await send('/docs')).status).toBe(201);
  });

  it('says so too when the app dies before it answers', async () => {
    await runApp('config-api', (request) => request.socket.destroy());
    const answer = await send('/v1/helpdesk/usage', { method: 'POST', body: '{}' });
    expect([answer.status, JSON.parse(answer.body)]).toEqual([503, expect.objectContaining({ code: 'platform_busy' })]);
  });

  it('cuts the caller off when the app dies in the middle of its answer', async () => {
    await runApp('config-api', (_request, response) => {
      response.write('half of ');
      setImmediate(() => response.socket?.destroy());
    });
    await expect(send('/v1/helpdesk/usage')).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  it('passes a stream on piece by piece, headers first', async () => {
    const streams: ServerResponse[] = [];
    await runApp('tickets-api', (_request, response) => {
      response.setHeader('Content-Type', 'text/event-stream');
      response.flushHeaders();
      streams.push(response);
    });
    const request = open('/v1/helpdesk/events/stream').end();
    const [answer] = (await once(request, 'response')) as [IncomingMessage];
    for (const piece of ['one', 'two']) {
      streams[0]?.write(piece);
      expect(String((await once(answer, 'data'))[0])).toBe(piece);
    }
    request.destroy();
  });

  it('passes a body on before it has ended', async () => {
    let gotFirst: (text: string) => void;
    const first = new Promise<string>((resolve) => {
      gotFirst = resolve;
    });
    await runApp('tickets-api', (request, response) => {
      request.once('data', (chunk) => gotFirst(String(chunk)));
      request.once('end', () => response.end('whole'));
    });
    const request = open('/v1/helpdesk/tickets', { method: 'POST', headers: { 'Transfer-Encoding': 'chunked' } });
    request.write('begin');
    expect(await first).toBe('begin');
    request.end('end');
    const [answer] = (await once(request, 'response')) as [IncomingMessage];
    expect(await read(answer)).toBe('whole');
  });

  it('lets the app know that its caller has left', async () => {
    let arrived: () => void;
    let left: () => void;
    const [arrival, leaving] = [
      new Promise<void>((resolve) => (arrived = resolve)),
      new Promise<void>((resolve) => (left = resolve)),
    ];
    await runApp('tickets-api', (_request, response) => {
      response.once('close', () => left());
      arrived();
    });
    const request = open('/v1/helpdesk/tickets');
    request.on('error', () => undefined).end();
    await arrival;
    request.destroy();
    await leaving;
    expect(warned).toEqual([]);
  });

  it.each<[string, Record<string, string>]>([
    ['with its length', { 'Content-Length': String(MAX_BODY_BYTES * 20) }],
    ['in chunks', { 'Transfer-Encoding': 'chunked' }],
  ])('refuses a body that is larger than any app takes, sent %s', async (_how, headers) => {
    const body = 'x'.repeat(MAX_BODY_BYTES * 20);
    const answer = await send('/v1/helpdesk/tickets', { method: 'POST', headers, body });
    expect([answer.status, JSON.parse(answer.body)]).toEqual([
      413,
      expect.objectContaining({ code: 'payload_too_large', request_id: answer.headers['x-request-id'] }),
    ]);
    expect(got).toEqual([]);
  });

  it('reads no body without an end for a refusal', async () => {
    const request = open('/docs', { method: 'POST', headers: { 'Transfer-Encoding': 'chunked' } });
    const sendOn = () => request.write('x'.repeat(MAX_BODY_BYTES));
    request.on('drain', sendOn).on('response', (answer) => answer.on('error', () => undefined).resume());
    sendOn();
    const [error] = (await once(request, 'close').catch((reason: unknown) => [reason])) as [Error | undefined];
    expect([undefined, 'EPIPE', 'ECONNRESET']).toContain((error as NodeJS.ErrnoException | undefined)?.code);
  });

  it('takes the largest body that an app takes', async () => {
    const body = 'x'.repeat(MAX_BODY_BYTES);
    await send('/v1/helpdesk/tickets', { method: 'POST', headers: { 'Transfer-Encoding': 'chunked' }, body });
    expect(got.map((one) => one.body.length)).toEqual([MAX_BODY_BYTES]);
  });

  it('sends an address with the host in it to the owner of its path', async () => {
    const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1');
    socket.end('GET http://desk.example.com/v1/helpdesk/usage HTTP/1.1\r\nHost: desk.example.com\r\n\r\n');
    await once(socket.resume(), 'close');
    expect(got).toEqual([
      expect.objectContaining({ app: 'config-api', url: 'http://desk.example.com/v1/helpdesk/usage' }),
    ]);
  });

  it('answers what is no HTTP with the envelope', async () => {
    const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1');
    socket.write('hello\r\n\r\n');
    let text = '';
    for await (const chunk of socket.setEncoding('utf8')) {
      text += String(chunk);
    }
    expect(text).toMatch(/^HTTP\/1\.1 400 .*"code":"bad_request"/s);
  });

  it('ends when the answers under way have ended, and takes no new callers then', async () => {
    const waiting: ServerResponse[] = [];
    let arrived: () => void;
    const arrival = new Promise<void>((resolve) => (arrived = resolve));
    await runApp('tickets-api', (_request, response) => {
      waiting.push(response);
      arrived();
    });
    const answer = send('/docs');
    await arrival;
    const closed = gateway.close(0, () => waiting[0]?.end('at last'));
    expect((await answer).body).toBe('at last');
    await closed;
    await expect(send('/docs')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});
