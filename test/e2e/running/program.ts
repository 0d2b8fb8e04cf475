import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { eventually } from '../../support/eventually';

/** How to run a program. */
export interface ProgramOptions {
  readonly cwd: string;
  /** All of its environment but the path and the home folder. */
  readonly env?: Readonly<Record<string, string>>;
}

const PATIENCE_MS = 240_000;

/** Ended with the tests, whatever becomes of them. */
const running = new Set<Program>();
process.once('exit', () => running.forEach((program) => program.signal('SIGKILL')));

/** A running program and what it has said. */
export class Program {
  stdout = '';
  stderr = '';
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
  private result: number | NodeJS.Signals | undefined;

  private constructor(private readonly child: ChildProcess) {
    running.add(this);
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    this.ended = once(child, 'close').then(([code, signal]) => {
      running.delete(this);
      this.result = (code ?? signal) as number | NodeJS.Signals;
      return this.result;
    });
  }

  static run(command: string, parameters: readonly string[], { cwd, env }: ProgramOptions): Program {
    return new Program(
      spawn(command, parameters, {
        cwd,
        env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    );
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** Waits until the program has said this. @throws {Error} with all that it said, when it ends before. */
  async says(fact: string | RegExp): Promise<void> {
    const everything = (): string => `${this.stdout}\n${this.stderr}`;
    const isSaid = (): boolean => (typeof fact === 'string' ? this.stdout.includes(fact) : fact.test(this.stdout));
    await eventually(() => {
      if (!isSaid() && this.result === undefined) {
        throw new Error(`It has not said ${String(fact)}:\n${everything()}`);
      }
    }, PATIENCE_MS);
    if (!isSaid()) {
      throw new Error(`It ended (${this.result}) without saying ${String(fact)}:\n${everything()}`);
    }
  }

  signal(name: NodeJS.Signals): void {
    this.child.kill(name);
  }
}

/** Runs a program to its end. */
export async function runToEnd(
  command: string,
  parameters: readonly string[],
  options: ProgramOptions,
): Promise<{ readonly exit: number | NodeJS.Signals; readonly stdout: string; readonly stderr: string }> {
  const program = Program.run(command, parameters, options);
  const exit = await program.ended;
  return { exit, stdout: program.stdout, stderr: program.stderr };
}
