import type { Server, ServerResponse } from 'node:http';
import { Server as NetServer } from 'node:net';
import type { Socket } from 'node:net';
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';

/** How many connections wait at most until the server takes them: what node asks the system for. */
const BACKLOG = 511;

/**
 * How long a connection is kept between two requests: longer than by what usually stands in front (60 s), so that a caller ends it
 * and not we, at the moment in which its next request is on its way; a POST that is lost then cannot just be repeated.
 */
const KEPT_MS = 75_000;

interface Connection {
  /** Answers under way on it. */
  answers: number;
  /** False until its first request: one may be on its way. */
  hasAsked: boolean;
}

/**
 * Keeps and ends the connections of an HTTP server without breaking a request. Node's own `close` destroys kept connections at the moment in which their
 * callers may be using them again, and those whose answer is still going out to a slow reader. Here every answer from the drain's
 * beginning on says `Connection: close` instead, so callers leave by themselves while the server still takes whoever comes.
 */
export class HttpDrain {
  private readonly connections = new Map<Socket, Connection>();
  private readonly answers = new Set<ServerResponse>();
  private taken = 0;
  private phase: 'open' | 'draining' | 'closing' = 'open';

  /**
   * Watches the server, which must not have connections yet.
   * @param patienceMs longest wait for answers under way, and for connections that have not asked yet, once no new ones are taken.
   */
  constructor(
    private readonly server: Server,
    private readonly patienceMs = 10_000,
  ) {
    server.keepAliveTimeout = KEPT_MS;
    server.on('connection', (socket: Socket) => this.watch(socket));
    // Before the application's own listener, which may answer at once.
    server.prependListener('request', (_request, response: ServerResponse) => this.follow(response));
  }

  /**
   * Goes on serving for so many seconds while load balancers take notice, then takes no new connections and resolves when the
   * requests under way are answered; what has not ended when the patience does is cut.
   * @param onClosing is told when no new connections are taken any more.
   */
  async close(drainSeconds: number, onClosing: () => void = () => undefined): Promise<void> {
    this.phase = 'draining';
    this.answers.forEach(announceClose);
    await pause(drainSeconds * 1000);
    await this.takeWaiting();
    this.phase = 'closing';
    const deadline = setTimeout(() => this.server.closeAllConnections(), this.patienceMs);
    await new Promise<void>((resolve) => {
      NetServer.prototype.close.call(this.server, () => resolve());
      [...this.connections.keys()].forEach((socket) => this.endIfIdle(socket));
      onClosing();
    });
    clearTimeout(deadline);
  }

  /**
   * Takes whoever has connected by now, and reads what has been sent by now. The system resets waiting connections when the door
   * closes, and node takes one of them per turn of its loop: all are in when a turn brings none, or as many came as can wait.
   */
  private async takeWaiting(): Promise<void> {
    const enough = this.taken + BACKLOG;
    let before: number;
    do {
      before = this.taken;
      await nextTurn();
    } while (this.taken > before && this.taken < enough);
  }

  private watch(socket: Socket): void {
    this.taken++;
    this.connections.set(socket, { answers: 0, hasAsked: false });
    socket.once('close', () => this.connections.delete(socket));
  }

  private follow(response: ServerResponse): void {
    const socket = response.socket;
    const connection = socket && this.connections.get(socket);
    if (!connection) {
      return;
    }
    connection.hasAsked = true;
    connection.answers++;
    this.answers.add(response);
    if (this.phase !== 'open') {
      announceClose(response);
    }
    response.once('close', () => {
      connection.answers--;
      this.answers.delete(response);
      if (this.phase === 'closing') {
        this.endIfIdle(socket);
      }
    });
  }

  private endIfIdle(socket: Socket): void {
    const connection = this.connections.get(socket);
    if (connection?.hasAsked && connection.answers === 0) {
      socket.destroySoon();
    }
  }
}

function announceClose(response: ServerResponse): void {
  if (!response.headersSent) {
    response.setHeader('Connection', 'close');
  }
}
