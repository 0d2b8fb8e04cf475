import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

/** Methods of the class connection (10), AMQP 0-9-1 with RabbitMQ's extension. */
const BLOCKED = [0, 10, 0, 60] as const;
const UNBLOCKED = [0, 10, 0, 61] as const;

const METHOD_FRAME = 1;
const FRAME_END = 0xce;

/** A way to the broker that can be cut, and on which the broker can be made to say that it takes nothing. */
export class BrokerProxy {
  private readonly clients = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    /** Address of the broker by this way. */
    readonly url: string,
  ) {}

  /** Opens a way to the broker of `brokerUrl`. */
  static async open(brokerUrl: string): Promise<BrokerProxy> {
    const { hostname, port } = new URL(brokerUrl);
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = new URL(brokerUrl);
    url.hostname = '127.0.0.1';
    url.port = String((server.address() as AddressInfo).port);
    const proxy = new BrokerProxy(server, url.toString());
    server.on('connection', (client) => proxy.pass(client, connect(Number(port || 5672), hostname)));
    return proxy;
  }

  /** What a broker says that is short of memory or disk, to every connection that is open. */
  block(): void {
    const reason = Buffer.from('low on memory');
    this.say(Buffer.from([...BLOCKED, reason.length, ...reason]));
  }

  /** What it says when it takes messages again. */
  unblock(): void {
    this.say(Buffer.from(UNBLOCKED));
  }

  /** Cuts every connection and takes no new ones, until {@link comeBack}: the broker is down. */
  async goDown(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    this.clients.forEach((client) => client.resetAndDestroy());
    await closed;
  }

  /** Takes connections again, at the same address. */
  async comeBack(): Promise<void> {
    this.server.listen(Number(new URL(this.url).port), '127.0.0.1');
    await once(this.server, 'listening');
  }

  /** Cuts everything for good. */
  async close(): Promise<void> {
    if (this.server.listening) {
      await this.goDown();
    }
  }

  private say(method: Buffer): void {
    const head = Buffer.from([METHOD_FRAME, 0, 0, 0, 0, 0, method.length]);
    this.clients.forEach((client) => client.write(Buffer.concat([head, method, Buffer.from([FRAME_END])])));
  }

  private pass(client: Socket, server: Socket): void {
    this.clients.add(client);
    const cut = () => {
      this.clients.delete(client);
      client.destroy();
      server.destroy();
    };
    for (const socket of [client, server]) {
      socket.on('error', cut);
      socket.on('close', cut);
    }
    server.pipe(client);
    client.pipe(server);
  }
}
