import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';

/**
 * A shell between us and the program, which waits on a pipe of which we hold the other end: when we end it, or die in whatever way,
 * the program gets its last signals. Its process id is the one line that the shell says; what it says itself goes to its log.
 */
const GUARD = `
signals=$0
"$@" </dev/null >&4 2>&1 3<&- 4>&- & program=$!
echo $program
exec >&- 4>&-
(read -r _ <&3; for signal in $signals; do kill -$signal $program; done) & watcher=$!
exec 3<&-
wait $program
kill $watcher 2>/dev/null
`;

const LOG_END = 2_000;
const READY_MS = 120_000;
const POLL_MS = 200;

/** A program that ends with this process, however this process ends. */
export class GuardedProgram {
  /** Whether it runs, or is paused. */
  isRunning = true;

  /**
   * @param {import('node:child_process').ChildProcess} shell
   * @param {number} pid of the program.
   * @param {string} log
   */
  constructor(shell, pid, log) {
    this.shell = shell;
    this.pid = pid;
    this.log = log;
    /** Resolves when it is gone. */
    this.exited = once(shell, 'exit');
    shell.once('exit', () => (this.isRunning = false));
  }

  /**
   * @param {{ readonly program: string, readonly parameters?: readonly string[], readonly cwd: string, readonly log: string,
   *   readonly env: Readonly<Record<string, string | undefined>>, readonly user?: { readonly uid?: number, readonly gid?: number },
   *   readonly lastSignals: readonly string[], readonly afterwards?: string }} plan `lastSignals` end it, whatever it does, paused
   *   or not; `afterwards` is what the shell does then.
   */
  static async start({ program, parameters = [], cwd, log, env, user = {}, lastSignals, afterwards = '' }) {
    const output = openSync(log, 'a', 0o600);
    try {
      const shell = spawn('/bin/sh', ['-c', GUARD + afterwards, lastSignals.join(' '), program, ...parameters], {
        ...user,
        cwd,
        env,
        stdio: ['ignore', 'pipe', 'ignore', 'pipe', output],
        // A session of its own: Ctrl-C in the terminal is for us, what we use ends last.
        detached: true,
      });
      const [pid] = await once(createInterface({ input: shell.stdout }), 'line');
      return new GuardedProgram(shell, Number(pid), log);
    } finally {
      closeSync(output);
    }
  }

  /**
   * Waits until it serves.
   * @param {() => Promise<unknown>} look rejects until it does.
   * @throws {Error} with its last words, when it ends before.
   */
  async becomesReady(look) {
    const deadline = performance.now() + READY_MS;
    for (;;) {
      try {
        await look();
        return;
      } catch (error) {
        if (!this.isRunning || performance.now() > deadline) {
          throw new Error(`It did not start: ${error.message}\n${await this.lastWords()}`, { cause: error });
        }
      }
      await pause(POLL_MS);
    }
  }

  /** kill -9, and waits until it is gone. */
  async kill() {
    this.signal('SIGKILL');
    await this.exited;
  }

  /**
   * Does nothing to a program that has ended.
   * @param {NodeJS.Signals} name
   */
  signal(name) {
    if (this.isRunning) {
      process.kill(this.pid, name);
    }
  }

  /** Ends it with its last signals. */
  async end() {
    this.shell.stdio[3].destroy();
    await this.exited;
  }

  async lastWords() {
    return (await readFile(this.log, 'utf8')).slice(-LOG_END).trim();
  }
}
