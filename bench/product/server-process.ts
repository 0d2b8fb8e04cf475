import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HttpAddress } from '../loader/http-connection';

/** A program of the product to start. */
export interface ServerProgram {
  /** Path of its compiled main file. */
  readonly main: string;
  readonly environment: Readonly<Record<string, string>>;
}

const START_DEADLINE_MS = 60_000;
const STOP_DEADLINE_MS = 30_000;
const POLL_MS = 25;
const READY = /"event":"service\.ready".*?"url":"http:\/\/[^"]*?:(\d+)"/;

/** A process of the product, with its log in a file, as an installation runs it. */
export class ServerProcess {
  private constructor(
    private readonly child: ChildProcess,
    private readonly folder: string,
    readonly address: HttpAddress,
  ) {}

  /**
   * Starts the program and waits until it is ready.
   * @throws {Error} with the end of its log when it does not become ready.
   */
  static async start({ main, environment }: ServerProgram): Promise<ServerProcess> {
    const folder = mkdtempSync(join(tmpdir(), 'helpdesk-bench-'));
    const log = openSync(join(folder, 'log'), 'a');
    const child = spawn(process.execPath, [main], {
      env: { ...environment, HELPDESK_DATA_DIR: folder },
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    const port = await waitForPort(child, folder);
    return new ServerProcess(child, folder, { host: '127.0.0.1', port });
  }

  /** Memory that the process holds, in bytes (Linux). */
  get residentBytes(): number {
    const status = readFileSync(`/proc/${this.child.pid}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1_024;
  }

  /** The last lines that the process logged. */
  logTail(): string {
    return tailOf(this.folder);
  }

  async stop(): Promise<void> {
    await stopChild(this.child);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Ends a child process; one that does not listen is killed. */
export async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) {
    return;
  }
  await new Promise<void>((resolve) => {
    const killing = setTimeout(() => child.kill('SIGKILL'), STOP_DEADLINE_MS);
    child.once('exit', () => {
      clearTimeout(killing);
      resolve();
    });
    child.kill('SIGTERM');
  });
}

async function waitForPort(child: ChildProcess, folder: string): Promise<number> {
  const deadline = performance.now() + START_DEADLINE_MS;
  while (performance.now() < deadline && child.exitCode === null) {
    const ready = READY.exec(readFileSync(join(folder, 'log'), 'utf8'));
    if (ready) {
      return Number(ready[1]);
    }
    await pause(POLL_MS);
  }
  child.kill('SIGKILL');
  throw new Error(`The product did not start:\n${tailOf(folder)}`);
}

function tailOf(folder: string): string {
  return readFileSync(join(folder, 'log'), 'utf8').slice(-2_000);
}

/** Waits between two looks at something that is under way. */
export async function pause(milliseconds: number): Promise<void> {
  await new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
