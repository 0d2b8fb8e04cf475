import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** What a part of a test sees of one connection: each answers what is passed on, or null for nothing. */
export interface Tap {
  toServer(sent: Buffer): Buffer | null;
  toClient(sent: Buffer): Buffer | null;
}

/** Lets a part of a test into each new connection; `reset` cuts it. */
export type TapConnection = (reset: () => void) => Tap;

const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'amqp:': 5672, 'postgres:': 5432, 'postgresql:': 5432 };

/** A way over TCP to a server, which can be made as bad as networks are. */
export class ChaosProxy {
  private readonly ways = new Set<Way>();
  private readonly line = new Line();

  private constructor(
    private readonly server: Server,
    /** Address of the server by this way. */
    readonly url: string,
  ) {}

  /** Opens a way to the server of `serverUrl`. */
  static async open(serverUrl: string, tapConnection?: TapConnection): Promise<ChaosProxy> {
    const { hostname, protocol, port } = new URL(serverUrl);
    const serverPort = Number(port || DEFAULT_PORTS[protocol]);
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = new URL(serverUrl);
    url.hostname = '127.0.0.1';
    url.port = String((server.address() as AddressInfo).port);
    const proxy = new ChaosProxy(server, url.toString());
    server.on('connection', (client) => {
      const way = new Way(client, connect(serverPort, hostname), proxy.line, tapConnection);
      proxy.ways.add(way);
      void way.ended.then(() => proxy.ways.delete(way));
    });
    return proxy;
  }

  /** Lets every chunk, either way, take so many milliseconds longer. */
  delay(ms: number): void {
    this.line.delayMs = ms;
  }

  /** Lets nothing arrive in larger pieces than this many bytes. */
  slice(bytes: number): void {
    this.line.sliceBytes = bytes;
  }

  /** Takes connections and what is sent on them, and passes nothing on, until {@link heal}: then all of it arrives. */
  blackhole(): void {
    this.line.shut();
  }

  /** Ends every connection by a reset, at both ends. */
  reset(): void {
    this.ways.forEach((way) => way.reset());
  }

  /** Lets the server's end of every connection die; the client is not told, and what it sends is lost. New connections are good. */
  halfOpen(): void {
    this.ways.forEach((way) => way.loseServer());
  }

  /** The way is good again, for what comes and for what was held back. */
  heal(): void {
    this.line.delayMs = 0;
    this.line.sliceBytes = Infinity;
    this.line.open();
  }

  /** Says something to every client that did not come from the server. */
  say(text: Buffer): void {
    this.ways.forEach((way) => way.say(text));
  }

  /** Cuts every connection and takes no new ones, until {@link comeBack}: the server is down. */
  async goDown(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    this.reset();
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
    this.reset();
  }
}

/** The state of the line, which all connections share. */
class Line {
  delayMs = 0;
  sliceBytes = Infinity;
  private gate: Promise<void> | undefined;
  private letPass: () => void = () => undefined;

  shut(): void {
    this.gate ??= new Promise((resolve) => (this.letPass = resolve));
  }

  open(): void {
    this.letPass();
    this.gate = undefined;
  }

  async *pieces(chunk: Buffer): AsyncGenerator<Buffer> {
    for (let start = 0; start < chunk.length; start += this.sliceBytes) {
      if (this.delayMs > 0) {
        await pause(this.delayMs);
      }
      await this.gate;
      yield chunk.subarray(start, start + this.sliceBytes);
    }
  }
}

/** One connection: a client's end and a server's end. */
class Way {
  readonly ended: Promise<unknown>;
  private readonly tap: Tap | undefined;
  private isServerLost = false;

  constructor(
    private readonly client: Socket,
    private readonly server: Socket,
    private readonly line: Line,
    tapConnection?: TapConnection,
  ) {
    this.tap = tapConnection?.(() => client.resetAndDestroy());
    for (const socket of [client, server]) {
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
    }
    client.once('close', () => server.destroy());
    server.once('close', () => this.isServerLost || client.destroy());
    this.ended = new Promise((resolve) => {
      client.once('close', resolve);
    });
    void this.pass(client, server, (sent) => (this.tap ? this.tap.toServer(sent) : sent));
    void this.pass(server, client, (sent) => (this.tap ? this.tap.toClient(sent) : sent));
  }

  reset(): void {
    this.server.resetAndDestroy();
    this.client.resetAndDestroy();
  }

  loseServer(): void {
    this.isServerLost = true;
    this.server.resetAndDestroy();
  }

  say(text: Buffer): void {
    this.client.write(text);
  }

  /** Ends when either end is gone; a write to one that is gone is lost. */
  private async pass(from: Socket, to: Socket, look: (sent: Buffer) => Buffer | null): Promise<void> {
    try {
      for await (const chunk of from as AsyncIterable<Buffer>) {
        const passed = look(chunk);
        for await (const piece of this.line.pieces(passed ?? Buffer.alloc(0))) {
          if (!to.destroyed && !to.write(piece)) {
            await Promise.race([once(to, 'drain'), once(to, 'close')]);
          }
        }
      }
    } catch {
      // The connection broke off; its 'close' ends the other end.
    }
  }
}
