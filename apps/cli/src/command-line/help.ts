import type { Command, OptionSpec } from './command';
import { COMMON_OPTIONS } from './read-command-line';
import { columns } from './table';

/** The help of the command that the words name, of a group of commands, or of all. */
export function helpOf(words: readonly string[], commands: readonly Command[]): string {
  const asked = words.join(' ');
  const command = commands.find(({ name }) => asked === name || asked.startsWith(`${name} `));
  if (command) {
    return helpOfCommand(command);
  }
  const within = commands.filter(({ name }) => words.length > 0 && name.startsWith(`${words[0]} `));
  return overview(within.length > 0 ? within : commands);
}

function helpOfCommand(command: Command): string {
  const options = Object.entries({ ...command.options, ...COMMON_OPTIONS });
  return [
    command.summary,
    '',
    `Usage: helpdesk ${usage(command)}`,
    '',
    'Options:',
    indented(columns(options.map(([name, spec]) => [written(name, spec), spec.help]))),
    '',
    `Example: ${command.example}`,
  ].join('\n');
}

function overview(commands: readonly Command[]): string {
  return [
    'Usage: helpdesk <command> [options]',
    '',
    'Commands:',
    indented(columns(commands.map((command) => [usage(command), command.summary]))),
    '',
    'Every command takes --json, and --help for more.',
    'They work on the database of DATABASE_URL, or on the one that npm start keeps in HELPDESK_DATA_DIR (.helpdesk).',
  ].join('\n');
}

function usage({ name, args = [], options = {} }: Command): string {
  const placed = args.map((arg) => (arg.endsWith('?') ? `[<${arg.slice(0, -1)}>]` : `<${arg}>`));
  const named = Object.entries(options).map(([option, spec]) =>
    spec.required ? written(option, spec) : `[${written(option, spec)}]`,
  );
  return [name, ...placed, ...named].join(' ');
}

const written = (name: string, { kind, value = 'value' }: OptionSpec): string =>
  kind === 'flag' ? `--${name}` : `--${name} <${value}>`;

const indented = (text: string): string => text.replace(/^(?=.)/gm, '  ');
