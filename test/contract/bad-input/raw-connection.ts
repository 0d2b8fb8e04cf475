import { connect } from 'node:net';
import type { Socket } from 'node:net';

/** An answer as the bytes say it. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const DEADLINE_MS = 20_000;

/** A connection on which a test says what it likes, byte for byte. */
export class RawConnection {
  private received = '';
  private ended = false;
  private wake: () => void = () => undefined;

  private constructor(private readonly socket: Socket) {
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => {
      this.received += text;
      this.wake();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.ended = true;
      this.wake();
    });
  }

  static async open(url: string): Promise<RawConnection> {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    return new RawConnection(socket);
  }

  send(bytes: string | Buffer): void {
    this.socket.write(bytes);
  }

  /** Says that nothing more comes, and goes on listening. */
  finish(): void {
    this.socket.end();
  }

  close(): void {
    this.socket.destroy();
  }

  /**
   * The next whole answer.
   * @throws {Error} when the connection ends without one, or none comes within the deadline.
   */
  async answer(): Promise<RawAnswer> {
    return this.until('an answer', () => this.takeAnswer());
  }

  /** Waits until the other side has closed the connection. */
  async closed(): Promise<void> {
    await this.until('the end of the connection', () => (this.ended ? true : undefined));
  }

  private async until<T>(what: string, look: () => T | undefined): Promise<T> {
    const deadline = Date.now() + DEADLINE_MS;
    for (;;) {
      const found = look();
      if (found !== undefined) {
        return found;
      }
      if (this.ended || Date.now() > deadline) {
        throw new Error(
          `Instead of ${what} came ${JSON.stringify(this.received)}${this.ended ? ', and the end' : ''}.`,
        );
      }
      await this.change(deadline - Date.now());
    }
  }

  private async change(timeoutMs: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  private takeAnswer(): RawAnswer | undefined {
    const end = this.received.indexOf('\r\n\r\n');
    if (end < 0) {
      return undefined;
    }
    const [first = '', ...lines] = this.received.slice(0, end).split('\r\n');
    const headers = Object.fromEntries(
      lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
    );
    const rest = Buffer.from(this.received.slice(end + 4));
    const length = Number(headers['content-length'] ?? 0);
    if (rest.length < length) {
      return undefined;
    }
    this.received = rest.subarray(length).toString();
    return { status: Number(first.split(' ')[1]), headers, body: rest.subarray(0, length).toString() };
  }
}
