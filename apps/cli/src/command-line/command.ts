import type { Environment } from '#platform';

/** An option of a command, `--<name> <value>`, or `--<name>` alone for a flag. */
export interface OptionSpec {
  readonly kind: 'value' | 'flag';
  /** Stands for the value in the help. */
  readonly value?: string;
  readonly required?: boolean;
  readonly help: string;
}

/** What was written behind a command's words. */
export interface Input {
  readonly options: Readonly<Record<string, string | undefined>>;
  readonly flags: ReadonlySet<string>;
  /** By the names of the command's arguments. */
  readonly args: Readonly<Record<string, string | undefined>>;
}

/** What a command answers: `json` with `--json`, else `text`. */
export interface Output {
  readonly json: unknown;
  readonly text: string;
  /** The command has done its work, and the answer is bad news: exit code 1. */
  readonly failed?: boolean;
}

/** One command of the command line. */
export interface Command {
  /** For example `project create`. */
  readonly name: string;
  readonly summary: string;
  /** Names of what stands behind the command's words without an option; a trailing `?` marks one that may be left out. */
  readonly args?: readonly string[];
  readonly options?: Readonly<Record<string, OptionSpec>>;
  readonly example: string;
  /** `note` takes what is told on the way, a line each, beside the answer. */
  run(input: Input, environment: () => Environment, note: (line: string) => void): Promise<Output>;
}

/** The command line was not understood: exit code 2. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

/** An option whose presence the command line has checked. */
export function required(input: Input, name: string): string {
  return input.options[name] ?? input.args[name] ?? '';
}
