import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { HttpAddress } from '../loader/http-connection';
import { stopChild } from '../product/server-process';

/** The twin in a process of its own. */
export interface TwinProcess {
  readonly address: HttpAddress;
  stop(): Promise<void>;
}

/** Starts the twin over a database. */
export async function startTwin(databaseUrl: string): Promise<TwinProcess> {
  const child = fork(join(__dirname, 'main.js'), [databaseUrl], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const port = await new Promise<number>((resolve, reject) => {
    child.once('message', (message) => resolve((message as { port: number }).port));
    child.once('exit', (code) => reject(new Error(`The twin ended with code ${code} before it was ready.`)));
  });
  return { address: { host: '127.0.0.1', port }, stop: () => stopChild(child) };
}
