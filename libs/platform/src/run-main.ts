import { runService } from './run-service';
import type { RunningService, ServiceDefinition } from './run-service';

/**
 * Runs a service as the main program: stops it in order at SIGTERM or SIGINT and exits 0; a second signal exits at once. A
 * start that fails says why in one line and exits 1.
 */
export async function runMain(start: () => Promise<{ close(): Promise<void> }>): Promise<void> {
  let running: { close(): Promise<void> } | undefined;
  let stopping = false;
  const stop = () => {
    if (stopping) {
      process.exit(1);
    }
    stopping = true;
    const closing = running ? running.close() : Promise.resolve();
    closing.then(
      () => process.exit(0),
      (error: unknown) => fail(error),
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  try {
    running = await start();
  } catch (error) {
    fail(error);
  }
}

/** The main program of an app that is one service. */
export async function runServiceMain(definition: ServiceDefinition): Promise<void> {
  await runMain((): Promise<RunningService> => runService(definition));
}

function fail(error: unknown): never {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
