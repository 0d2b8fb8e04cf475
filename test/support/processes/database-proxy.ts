import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

/** Which COMMIT is lost, and whether the server has done it by then. */
export interface LostCommit {
  /** A text that the transaction has sent; its connection is the one that is cut. */
  readonly after: string;
  readonly isDone: boolean;
}

const COMMIT = Buffer.from('COMMIT\0');

/**
 * A way to the database server that can be cut: at a COMMIT, so that the client cannot know what became of it, or altogether,
 * as when the server is down.
 */
export class DatabaseProxy {
  private readonly clients = new Set<Socket>();
  private loss: (LostCommit & { readonly done: () => void }) | undefined;

  private constructor(
    private readonly server: Server,
    /** Address of the database by this way. */
    readonly url: string,
  ) {}

  /** Opens a way to the server of `databaseUrl`. */
  static async open(databaseUrl: string): Promise<DatabaseProxy> {
    const { hostname, port } = new URL(databaseUrl);
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = new URL(databaseUrl);
    url.hostname = '127.0.0.1';
    url.port = String((server.address() as AddressInfo).port);
    const proxy = new DatabaseProxy(server, url.toString());
    server.on('connection', (client) => proxy.pass(client, connect(Number(port || 5432), hostname)));
    return proxy;
  }

  /** Cuts a connection at its COMMIT, so that its client cannot know what became of it; resolves when that has happened. */
  async loseCommit(commit: LostCommit): Promise<void> {
    await new Promise<void>((resolve) => {
      this.loss = { ...commit, done: resolve };
    });
  }

  /** Cuts every connection and takes no new ones, until {@link open} is called again: the server is down. */
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
    let transaction = Buffer.alloc(0);
    let answers: Buffer | undefined;
    const lose = () => {
      client.resetAndDestroy();
      this.loss?.done();
      this.loss = undefined;
    };
    server.on('data', (answer) => {
      if (!answers) {
        client.write(answer);
        return;
      }
      // Nothing of it reaches the client. The server's answer to COMMIT is the same word.
      answers = Buffer.concat([answers, answer]);
      if (answers.includes(COMMIT)) {
        lose();
      }
    });
    client.on('data', (request) => {
      transaction = Buffer.concat([transaction, request]);
      const isLost = this.loss !== undefined && endsWithCommit(transaction) && transaction.includes(this.loss.after);
      if (isLost && !this.loss?.isDone) {
        lose();
        return;
      }
      if (isLost) {
        answers = Buffer.alloc(0);
      }
      if (endsWithCommit(transaction)) {
        transaction = Buffer.alloc(0);
      }
      server.write(request);
    });
  }
}

function endsWithCommit(sent: Buffer): boolean {
  return sent.subarray(-COMMIT.length).equals(COMMIT);
}
