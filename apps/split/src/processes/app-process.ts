import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { choosePort, messageOf, READY } from '#platform';
import type { JsonLogger } from '#platform';
import type { AppProgram } from './app-program';
import { restartPause, STABLE_MS } from './restart-pause';

/** How long a process may take to stop: longer than everything that it does then in order. */
const STOP_MS = 60_000;

/** How a process ended. */
interface End {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Why it could not even be started. */
  readonly reason?: string;
  readonly servedMs: number;
}

/** One life of the process. */
interface Run {
  readonly child?: ChildProcess;
  /** Whether it has come so far as to serve. */
  readonly ready: Promise<boolean>;
  readonly ended: Promise<End>;
}

/**
 * An app that runs as a process of its own, and is started again when it ends, after a pause that grows. It holds a channel to
 * us: over it it says that it is ready, and when we are gone, however, it stops. It has a group of its own, so that Ctrl-C
 * reaches us alone, who stop it in its turn.
 */
export class AppProcess {
  private readonly stopping = new AbortController();
  private current: Run | undefined;
  private kept: Promise<void> | undefined;
  private servesAt: number | undefined;

  constructor(
    private readonly program: AppProgram,
    private readonly logger: Pick<JsonLogger, 'log' | 'warn' | 'error'>,
  ) {}

  /** Where it serves; undefined while it does not. */
  get port(): number | undefined {
    return this.servesAt;
  }

  /**
   * Starts it for the first time, and resolves when it serves.
   * @throws {Error} when it ends before.
   */
  async start(): Promise<void> {
    const run = await this.launch();
    if (!(await run.ready)) {
      const { reason } = await run.ended;
      throw new Error(`${this.program.name} could not start: ${reason ?? 'see above'}.`);
    }
    this.kept = this.keep(run);
  }

  /** Lets it end in order, and makes it end when it takes too long. Not started again. */
  async stop(): Promise<void> {
    this.stopping.abort();
    const run = this.current;
    if (run) {
      run.child?.kill('SIGTERM');
      const deadline = setTimeout(() => {
        this.logger.error({
          event: 'app.killed',
          app: this.program.name,
          hint: `It had not stopped in ${STOP_MS} ms.`,
        });
        run.child?.kill('SIGKILL');
      }, STOP_MS);
      await run.ended;
      clearTimeout(deadline);
    }
    await this.kept;
  }

  private async keep(first: Run): Promise<void> {
    const { signal } = this.stopping;
    let run = first;
    let ends = 0;
    for (;;) {
      const { servedMs, ...end } = await run.ended;
      if (signal.aborted) {
        return;
      }
      ends = servedMs >= STABLE_MS ? 1 : ends + 1;
      const restartMs = restartPause(ends);
      this.logger.warn({ event: 'app.ended', app: this.program.name, ...end, restart_in_ms: restartMs });
      await pause(restartMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) {
        return;
      }
      run = await this.launch();
      void run.ready.then((isReady) => isReady && this.logger.log({ event: 'app.restarted', app: this.program.name }));
    }
  }

  private async launch(): Promise<Run> {
    let run: Run;
    try {
      const port = await choosePort('PORT', 0);
      if (this.stopping.signal.aborted) {
        throw new Error('it is not wanted any more');
      }
      run = this.spawn(port);
    } catch (error) {
      const end = { code: null, signal: null, reason: messageOf(error), servedMs: 0 };
      run = { ready: Promise.resolve(false), ended: Promise.resolve(end) };
    }
    return (this.current = run);
  }

  private spawn(port: number): Run {
    const child = spawn(process.execPath, [this.program.entry], {
      env: this.program.environment(port),
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      detached: true,
    });
    let readySince: number | undefined;
    const ended = new Promise<End>((resolve) => {
      const end = (code: number | null, signal: NodeJS.Signals | null, reason?: string) => {
        this.servesAt = undefined;
        const servedMs = readySince === undefined ? 0 : performance.now() - readySince;
        resolve({ code, signal, ...(reason !== undefined && { reason }), servedMs });
      };
      child.once('exit', (code, signal) => end(code, signal));
      child.once('error', (error) => end(null, null, messageOf(error)));
    });
    const told = new Promise<boolean>((resolve) => {
      child.on('message', (message) => {
        if (message === READY) {
          readySince = performance.now();
          this.servesAt = port;
          resolve(true);
        }
      });
    });
    return { child, ready: Promise.race([told, ended.then(() => false)]), ended };
  }
}
