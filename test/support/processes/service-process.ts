import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { freePort } from '../free-port';
import { programOf } from './built-code';

/** A process of the product to start. */
export interface ProcessOptions {
  /** The source of its main program, from the repository's root; `test/support/processes/ledger-app/main.ts` unless given. */
  readonly main?: string;
  readonly databaseUrl: string;
  /** Further names of the environment. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** A line of a process's log. */
export interface LogLine {
  readonly event?: string;
  readonly level?: number;
  readonly [field: string]: unknown;
}

/** How a process ended: by itself with a code, or by a signal. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Longest wait for a process to say something, in milliseconds. */
const PATIENCE_MS = 60_000;

/** The ticket API together with the consumers of the ledger. */
const LEDGER_APP = 'test/support/processes/ledger-app/main.ts';

const running = new Set<ServiceProcess>();
process.once('exit', () => running.forEach((one) => one.signal('SIGKILL')));

/** A real process of the product: the compiled code, in an environment of its own, on ports of its own. */
export class ServiceProcess {
  readonly log: LogLine[] = [];
  readonly exited: Promise<Exit>;
  private readonly texts: string[] = [];
  private readonly listeners = new Set<(line: LogLine) => void>();
  private exit: Exit | undefined;

  private constructor(
    private readonly child: ChildProcess,
    readonly opsUrl: string,
  ) {
    running.add(this);
    this.readLines();
    this.exited = once(child, 'close').then(([code, signal]: unknown[]) => {
      running.delete(this);
      this.exit = { code: code as number | null, signal: signal as NodeJS.Signals | null };
      return this.exit;
    });
  }

  /** Starts a process without waiting for it to be ready. */
  static async launch({ main = LEDGER_APP, databaseUrl, environment }: ProcessOptions): Promise<ServiceProcess> {
    const program = programOf(main);
    const opsPort = await freePort();
    const child = spawn(process.execPath, program, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env['PATH'],
        PORT: '0',
        OPS_PORT: String(opsPort),
        DATABASE_URL: databaseUrl,
        DATABASE_POOL_SIZE: '8',
        RATE_LIMIT_PER_MINUTE: '0',
        DRAIN_SECONDS: '0',
        ...environment,
      },
    });
    await once(child, 'spawn');
    return new ServiceProcess(child, `http://127.0.0.1:${opsPort}`);
  }

  /**
   * Starts a process and waits until it serves.
   * @throws {Error} with its last words, when it ends before.
   */
  static async start(options: ProcessOptions): Promise<ServiceProcess> {
    const started = await ServiceProcess.launch(options);
    await started.ready();
    return started;
  }

  /** Resolves when the process serves; @throws {Error} when it ends before. */
  async ready(): Promise<void> {
    await this.waitForLog('the process is ready', ({ event }) => event === 'service.ready');
  }

  get isRunning(): boolean {
    return this.exit === undefined;
  }

  /** Whether it has ended without being killed. */
  get hasGivenUp(): boolean {
    return this.exit?.signal === null;
  }

  /** Whether it has ever been ready. */
  get hasServed(): boolean {
    return this.log.some(({ event }) => event === 'service.ready');
  }

  /** Where it serves, or null when it does not, yet or any more. */
  get url(): string | null {
    const ready = this.isRunning ? this.log.find(({ event }) => event === 'service.ready') : undefined;
    return ready ? String(ready['url']) : null;
  }

  /** The log's first line that fits, waited for. @throws {Error} when the process ends without it. */
  async waitForLog(fact: string, fits: (line: LogLine) => boolean): Promise<LogLine> {
    const said = this.log.find(fits);
    if (said) {
      return said;
    }
    return new Promise<LogLine>((resolve, reject) => {
      const give = (end: () => void) => {
        clearTimeout(timer);
        this.listeners.delete(listen);
        end();
      };
      const fail = (what: string) =>
        give(() => reject(new Error(`${what} before this: ${fact}.\n${this.lastWords()}`)));
      const listen = (line: LogLine) => fits(line) && give(() => resolve(line));
      const timer = setTimeout(() => fail(`The process said nothing for ${PATIENCE_MS / 1000} s`), PATIENCE_MS);
      this.listeners.add(listen);
      void this.exited.then((exit) => fail(`The process ended (${JSON.stringify(exit)})`));
    });
  }

  /** Sends a signal; a process that has ended already gets none. */
  signal(name: NodeJS.Signals): void {
    this.child.kill(name);
  }

  /** kill -9, and waits until it is gone. */
  async kill(): Promise<Exit> {
    this.signal('SIGKILL');
    return this.exited;
  }

  /** What a test that failed needs to see: the last lines of output. */
  lastWords(): string {
    return this.texts.slice(-15).join('\n');
  }

  private readLines(): void {
    const { stdout, stderr } = this.child;
    if (!stdout || !stderr) {
      throw new Error('The child has no output to read.');
    }
    createInterface({ input: stdout }).on('line', (text) => {
      this.texts.push(text);
      const line = parseLine(text);
      this.log.push(line);
      this.listeners.forEach((listen) => listen(line));
    });
    createInterface({ input: stderr }).on('line', (text) => this.texts.push(text));
  }
}

function parseLine(text: string): LogLine {
  try {
    return JSON.parse(text) as LogLine;
  } catch {
    return { text };
  }
}
