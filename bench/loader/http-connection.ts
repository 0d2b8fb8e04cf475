import { connect } from 'node:net';
import type { Socket } from 'node:net';

/** An answer as far as a benchmark looks at it. */
export interface HttpAnswer {
  /** 0 when the connection broke before the answer was complete. */
  readonly status: number;
  readonly body: Buffer;
}

/** Where requests go. */
export interface HttpAddress {
  readonly host: string;
  readonly port: number;
}

const HEADER_END = '\r\n\r\n';
const CONTENT_LENGTH = /\r\ncontent-length: *(\d+)/i;
const NOTHING = Buffer.alloc(0);
const BROKEN: HttpAnswer = { status: 0, body: NOTHING };

/**
 * One keep-alive connection with one request under way at a time: HTTP/1.1 as far as the measured servers speak it, with a
 * Content-Length. It knows so little because it shares the machine with what it measures.
 */
export class HttpConnection {
  private received: Buffer = NOTHING;
  private answered: ((answer: HttpAnswer) => void) | undefined;

  private constructor(private readonly socket: Socket) {
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.receive(chunk));
    socket.on('error', () => this.finish(BROKEN));
    socket.on('close', () => this.finish(BROKEN));
  }

  /** Connects. */
  static async open({ host, port }: HttpAddress): Promise<HttpConnection> {
    const socket = connect({ host, port });
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    return new HttpConnection(socket);
  }

  /** Sends a whole request, headers and body, and waits for its answer. */
  send(request: string): Promise<HttpAnswer> {
    return new Promise((resolve) => {
      if (this.socket.destroyed) {
        resolve(BROKEN);
        return;
      }
      this.answered = resolve;
      this.socket.write(request);
    });
  }

  close(): void {
    this.socket.destroy();
  }

  private receive(chunk: Buffer): void {
    this.received = this.received.length === 0 ? chunk : Buffer.concat([this.received, chunk]);
    const headerEnd = this.received.indexOf(HEADER_END);
    if (headerEnd < 0) {
      return;
    }
    const header = this.received.toString('latin1', 0, headerEnd);
    const bodyBegin = headerEnd + HEADER_END.length;
    const bodyEnd = bodyBegin + Number(CONTENT_LENGTH.exec(header)?.[1] ?? 0);
    if (this.received.length < bodyEnd) {
      return;
    }
    const answer = { status: Number(header.slice(9, 12)), body: this.received.subarray(bodyBegin, bodyEnd) };
    this.received = this.received.subarray(bodyEnd);
    this.finish(answer);
  }

  private finish(answer: HttpAnswer): void {
    const { answered } = this;
    this.answered = undefined;
    answered?.(answer);
  }
}
