import { DomainError } from '#contracts';
import { messageOf } from '#platform';
import type { Environment } from '#platform';
import { UsageError } from './command-line/command';
import { helpOf } from './command-line/help';
import { readCommandLine } from './command-line/read-command-line';
import { COMMANDS } from './commands';

/** What surrounds a command. */
export interface Surroundings {
  /** Takes its answer. */
  readonly out: (text: string) => void;
  /** Takes what went wrong. */
  readonly err: (text: string) => void;
  /** Read only by commands that need it, so that help works in a broken one. */
  readonly environment: () => Environment;
}

/**
 * Does what the command line says.
 * @returns the exit code: 0 done, 1 refused, failed or bad news, 2 not understood.
 */
export async function runCommandLine(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const inJson = args.includes('--json');
  try {
    const request = readCommandLine(args, COMMANDS);
    if (request.kind === 'help') {
      surroundings.out(`${helpOf(request.words, COMMANDS)}\n`);
      return 0;
    }
    const { json, text, failed } = await request.command.run(request.input, surroundings.environment, (line) =>
      surroundings.err(`${line}\n`),
    );
    surroundings.out(`${inJson ? JSON.stringify(json) : text}\n`);
    return failed ? 1 : 0;
  } catch (error) {
    const message = messageOf(error);
    surroundings.err(`${inJson ? JSON.stringify({ error: message, code: codeOf(error) }) : message}\n`);
    return error instanceof UsageError ? 2 : 1;
  }
}

function codeOf(error: unknown): string {
  if (error instanceof DomainError) {
    return error.code;
  }
  return error instanceof UsageError ? 'usage' : 'failed';
}
