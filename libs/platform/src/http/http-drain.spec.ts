import { Agent, createServer, get } from 'node:http';
import type { IncomingMessage, RequestListener, Server } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { HttpDrain } from './http-drain';

/** Enough for a slow machine; the one test that waits for its end brings its own. */
const PATIENCE_MS = 30_000;

let server: Server;
let drain: HttpDrain;
const agents: Agent[] = [];

async function serve(listener: RequestListener, patienceMs = PATIENCE_MS): Promise<number> {
  server = createServer(listener);
  drain = new HttpDrain(server, patienceMs);
  server.listen(0);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function ask(port: number, agent: Agent): Promise<IncomingMessage> {
  const [response] = (await once(get({ port, agent }), 'response')) as [IncomingMessage];
  return response;
}

/** One connection, kept between requests. */
function keptConnection(): Agent {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  agents.push(agent);
  return agent;
}

afterEach(() => {
  agents.splice(0).forEach((agent) => agent.destroy());
  server.closeAllConnections();
});

test('a connection is kept for longer than the minute after which callers and load balancers end it', async () => {
  const port = await serve((_request, response) => response.end('answer'));
  const answer = await ask(port, keptConnection());
  const seconds = /timeout=(\d+)/.exec(String(answer.headers['keep-alive']))?.[1];
  expect(Number(seconds)).toBeGreaterThan(60);
  await text(answer);
  await drain.close(0);
});

test('a kept connection is answered once more while the server drains, and is told that this was the last time', async () => {
  const port = await serve((_request, response) => response.end('answer'));
  const agent = keptConnection();
  const before = await ask(port, agent);
  expect(before.headers.connection).toBe('keep-alive');
  await text(before);

  const closed = drain.close(1);
  const again = get({ port, agent });
  const [during] = (await once(again, 'response')) as [IncomingMessage];
  expect(again.reusedSocket).toBe(true);
  expect(during.statusCode).toBe(200);
  expect(during.headers.connection).toBe('close');
  expect(await text(during)).toBe('answer');
  await closed;
});

test('whoever connects while the server drains is answered', async () => {
  const port = await serve((_request, response) => response.end('answer'));
  const closed = drain.close(1);
  expect(await text(await ask(port, keptConnection()))).toBe('answer');
  await closed;
});

test('everybody who has connected when the window ends is answered, though not all of them were taken yet', async () => {
  const port = await serve((_request, response) => response.end('answer'));
  const callers = Array.from({ length: 100 }, () => connect(port));
  await Promise.all(callers.map((caller) => once(caller, 'connect')));
  const closed = drain.close(0);
  callers.forEach((caller) => caller.write('GET / HTTP/1.1\r\nHost: test\r\n\r\n'));
  const answers = await Promise.all(callers.map((caller) => text(caller)));
  expect(answers.filter((answer) => !answer.startsWith('HTTP/1.1 200 OK'))).toEqual([]);
  await closed;
});

test('a request that is under way at the end gets its whole answer, however slowly it is read', async () => {
  const answer = Buffer.alloc(32 * 1024 * 1024, 'x');
  const port = await serve((_request, response) => response.end(answer));
  const response = await ask(port, keptConnection());

  const closed = drain.close(0);
  let received = 0;
  response.on('data', (part: Buffer) => (received += part.length));
  await once(response, 'end');
  expect(received).toBe(answer.length);
  await closed;
});

test('a connection that was kept and is not used any more does not hold up the end', async () => {
  const port = await serve((_request, response) => response.end('answer'));
  const agent = keptConnection();
  await text(await ask(port, agent));
  const cut = jest.spyOn(server, 'closeAllConnections');
  await drain.close(0);
  expect(cut).not.toHaveBeenCalled();
  cut.mockRestore();
});

test('a connection that never asks is cut when the patience ends', async () => {
  const port = await serve((_request, response) => response.end('answer'), 100);
  const silent = connect(port);
  silent.on('error', () => undefined);
  await once(silent, 'connect');
  const gone = once(silent, 'close');
  await drain.close(0);
  await gone;
  expect(silent.destroyed).toBe(true);
});

test('once the drain is over nobody is let in', async () => {
  const port = await serve((_request, response) => response.end('answer'));
  await drain.close(0);
  await expect(ask(port, keptConnection())).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});
