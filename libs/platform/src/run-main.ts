import { productDocument } from './openapi/product-document';
import { runService } from './run-service';
import type { RunningService, ServiceDefinition } from './run-service';

/** npm hands Ctrl-C on to a process that the terminal has told already: within this time both are one wish. */
const SAME_WISH_MS = 500;

/** What a starter that holds a channel to us (`stdio: 'ipc'`) is told when we serve. */
export const READY = 'ready';

/**
 * Runs a service as the main program: stops it in order at SIGTERM or SIGINT and exits 0; a second signal exits at once. A
 * start that fails says why in one line and exits 1. A starter with a channel to us is told when we are {@link READY}, and when
 * it lets go of the channel or dies, that stops us too.
 */
export async function runMain(start: () => Promise<{ close(): Promise<void> }>): Promise<void> {
  let running: { close(): Promise<void> } | undefined;
  let stoppingSince: number | undefined;
  const stop = () => {
    if (stoppingSince !== undefined) {
      if (performance.now() - stoppingSince > SAME_WISH_MS) {
        process.exit(1);
      }
      return;
    }
    stoppingSince = performance.now();
    const closing = running ? running.close() : Promise.resolve();
    closing.then(
      () => process.exit(0),
      (error: unknown) => fail(error),
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.on('disconnect', stop);
  try {
    running = await start();
    process.send?.(READY, undefined, undefined, () => undefined);
  } catch (error) {
    fail(error);
  }
}

/** The main program of an app that serves a part of the product. */
export async function runServiceMain(definition: ServiceDefinition): Promise<void> {
  await runMain((): Promise<RunningService> => runService({ describe: productDocument, ...definition }));
}

/** What went wrong, for a terminal. A host with several addresses fails with one error for each, under one without words. */
export function messageOf(error: unknown): string {
  const { errors, message } = (error ?? {}) as { readonly errors?: readonly unknown[]; readonly message?: unknown };
  if (message === '' && Array.isArray(errors)) {
    return errors.map(messageOf).join('; ');
  }
  return typeof message === 'string' ? message : String(error);
}

function fail(error: unknown): never {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exit(1);
}
