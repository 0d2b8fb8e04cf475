import { parseArgs } from 'node:util';
import { nearestName } from '#platform';
import type { Command, Input, OptionSpec } from './command';
import { UsageError } from './command';

/** Options that every command has. */
export const COMMON_OPTIONS: Readonly<Record<string, OptionSpec>> = {
  json: { kind: 'flag', help: 'answer in JSON' },
  help: { kind: 'flag', help: 'show this help' },
};

/** What the command line asks for. */
export type Request =
  | { readonly kind: 'help'; readonly words: readonly string[] }
  | { readonly kind: 'run'; readonly command: Command; readonly input: Input };

interface Written {
  readonly words: readonly string[];
  readonly options: ReadonlyMap<string, string | undefined>;
}

/**
 * Understands a command line.
 * @throws {UsageError} with what is wrong and the nearest name that there is.
 */
export function readCommandLine(args: readonly string[], commands: readonly Command[]): Request {
  const { words, options } = split(args, commands);
  if (words[0] === 'help') {
    return { kind: 'help', words: words.slice(1) };
  }
  if (options.has('help') || words.length === 0) {
    return { kind: 'help', words };
  }
  const command = findCommand(words, commands);
  // A mistyped option leaves its value as a word too many, so options are looked at first.
  const named = readOptions(command, { ...command.options, ...COMMON_OPTIONS }, options);
  const placed = readArguments(command, words.slice(wordsOf(command).length));
  return { kind: 'run', command, input: { ...named, args: placed } };
}

/** Words apart from options. Which options take a value is known over all commands, for they may stand before the words. */
function split(args: readonly string[], commands: readonly Command[]): Written {
  const specs = Object.assign({}, ...commands.map((command) => command.options), COMMON_OPTIONS) as Record<
    string,
    OptionSpec
  >;
  const types = Object.entries(specs).map(([name, { kind }]) => [
    name,
    { type: kind === 'flag' ? 'boolean' : 'string' },
  ]);
  const { tokens } = parseArgs({
    args: args.map((arg) => (arg === '-h' ? '--help' : arg)),
    options: Object.fromEntries(types) as Record<string, { type: 'boolean' | 'string' }>,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const words: string[] = [];
  const options = new Map<string, string | undefined>();
  for (const token of tokens) {
    if (token.kind === 'positional') {
      words.push(token.value);
    } else if (token.kind === 'option') {
      if (options.has(token.name)) {
        throw new UsageError(`${token.rawName} is given twice.`);
      }
      assertNoOption(token.rawName, token.inlineValue ? undefined : token.value);
      options.set(token.name, token.value);
    }
  }
  return { words, options };
}

/** What follows an option without a value is the next option. */
function assertNoOption(rawName: string, value: string | undefined): void {
  if (value?.startsWith('-')) {
    throw new UsageError(`${rawName} needs a value. One that begins with a hyphen is written ${rawName}=${value}.`);
  }
}

const wordsOf = (command: Command): string[] => command.name.split(' ');

function findCommand(words: readonly string[], commands: readonly Command[]): Command {
  const command = commands.find((one) => wordsOf(one).every((word, index) => word === words[index]));
  if (command) {
    return command;
  }
  const within = commands.filter((one) => wordsOf(one)[0] === words[0]).map(({ name }) => name);
  if (within.length > 0 && words.length < 2) {
    throw new UsageError(`"${words[0]}" needs a command behind it: ${within.join(', ')}.`);
  }
  const asked = words.slice(0, within.length > 0 ? 3 : 2).join(' ');
  const known = within.length > 0 ? within : commands.map(({ name }) => name);
  const nearest = nearestName(asked, known) ?? nearestName(words.slice(0, 2).join(' '), known);
  const hint = nearest ? `Did you mean "${nearest}"?` : `There are: ${known.join(', ')}.`;
  throw new UsageError(`There is no command "${asked}". ${hint}`);
}

function readArguments(command: Command, given: readonly string[]): Input['args'] {
  const names = command.args ?? [];
  if (given.length > names.length) {
    throw new UsageError(
      `"${given[names.length]}" is one word too many for ${command.name}. For example: ${command.example}`,
    );
  }
  return Object.fromEntries(
    names.map((name, index) => {
      if (given[index] === undefined && !name.endsWith('?')) {
        throw new UsageError(`${command.name} needs <${name}>. For example: ${command.example}`);
      }
      return [name.replace('?', ''), given[index]];
    }),
  );
}

function readOptions(
  command: Command,
  specs: Readonly<Record<string, OptionSpec>>,
  given: Written['options'],
): Pick<Input, 'options' | 'flags'> {
  const options: Record<string, string | undefined> = {};
  const flags = new Set<string>();
  for (const [name, value] of given) {
    const spec = Object.hasOwn(specs, name) ? specs[name] : undefined;
    if (!spec) {
      throw new UsageError(unknownOption(command, name, Object.keys(specs)));
    }
    if (spec.kind === 'value' && (value === undefined || value === '')) {
      throw new UsageError(`--${name} needs a value. For example: ${command.example}`);
    }
    if (spec.kind === 'flag' && value !== undefined) {
      throw new UsageError(`--${name} takes no value.`);
    }
    if (spec.kind === 'flag') {
      flags.add(name);
    } else {
      options[name] = value;
    }
  }
  const missing = Object.entries(specs).find(([name, spec]) => spec.required && options[name] === undefined);
  if (missing) {
    throw new UsageError(`${command.name} needs --${missing[0]}. For example: ${command.example}`);
  }
  return { options, flags };
}

function unknownOption(command: Command, name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known);
  const written = `${name.length === 1 ? '-' : '--'}${name}`;
  const hint = nearest ? `Did you mean --${nearest}?` : `It has: ${known.map((one) => `--${one}`).join(', ')}.`;
  return `${command.name} has no option ${written}. ${hint}`;
}
