import { runCommandLine } from '../../../apps/cli/src/run-command-line';
import { readEnvironment } from '#platform';

/** What a command answered. */
export interface Result {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
}

/** An object of an answer. */
export type Json = Readonly<Record<string, unknown>>;

/** Runs a command of the command line within the test's process, in an environment of its own. */
export async function helpdesk(env: Readonly<Record<string, string>>, args: readonly string[]): Promise<Result> {
  const said = { out: '', err: '' };
  const exit = await runCommandLine(args, {
    out: (text) => (said.out += text),
    err: (text) => (said.err += text),
    environment: () => readEnvironment(env),
  });
  return { exit, ...said };
}
