import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stopChild } from '../product/server-process';
import type { Reply, Request } from './process/messages';

type ReplyOf<Kind extends Reply['kind']> = Extract<Reply, { readonly kind: Kind }>;

/** A process of the product that takes part in the event path, with its log in a file. One request at a time. */
export class EventProcess {
  private constructor(
    private readonly child: ChildProcess,
    private readonly folder: string,
  ) {}

  /** Starts it and waits until it relays and consumes. @throws {Error} with the end of its log when it does not. */
  static async start(
    role: 'consumer' | 'writer',
    environment: Readonly<Record<string, string>>,
  ): Promise<EventProcess> {
    const folder = mkdtempSync(join(tmpdir(), 'helpdesk-bench-'));
    const log = openSync(join(folder, 'log'), 'a');
    const child = fork(join(__dirname, 'process', 'main.js'), [role], {
      env: { ...environment, HELPDESK_DATA_DIR: folder },
      stdio: ['ignore', log, log, 'ipc'],
    });
    closeSync(log);
    const started = new EventProcess(child, folder);
    await started.reply('ready');
    return started;
  }

  /** @throws {Error} with the end of its log when the process ends instead of answering. */
  async ask<Kind extends Reply['kind']>(request: Request, kind: Kind): Promise<ReplyOf<Kind>> {
    const reply = this.reply(kind);
    this.child.send(request);
    return reply;
  }

  async stop(): Promise<void> {
    await stopChild(this.child);
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async reply<Kind extends Reply['kind']>(kind: Kind): Promise<ReplyOf<Kind>> {
    return new Promise((resolve, reject) => {
      const onExit = (): void => reject(new Error(`A process of the product ended:\n${this.logTail()}`));
      this.child.once('exit', onExit);
      this.child.once('message', (reply: Reply) => {
        this.child.off('exit', onExit);
        if (reply.kind === kind) {
          resolve(reply as ReplyOf<Kind>);
        } else {
          reject(new Error(`A process of the product answered "${reply.kind}" instead of "${kind}".`));
        }
      });
    });
  }

  private logTail(): string {
    return readFileSync(join(this.folder, 'log'), 'utf8').slice(-2_000);
  }
}
