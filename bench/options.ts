/** The cases that `--only` may name, in the order in which they run. */
export const CASE_NAMES = [
  'create',
  'create-hot',
  'reply',
  'list',
  'list-deep',
  'list-filtered',
  'list-small',
  'details',
  'search',
  'memory',
] as const;
export type CaseName = (typeof CASE_NAMES)[number];

/** What to measure, and how long. */
export interface BenchOptions {
  /** Address of a PostgreSQL server on which the benchmark may make databases. */
  readonly databaseUrl: string;
  /** Tickets to load. */
  readonly tickets: number;
  /** Length of each single measurement. */
  readonly seconds: number;
  /** How often every measurement is repeated; the median counts. */
  readonly rounds: number;
  readonly only: readonly CaseName[];
  /** Where to write the figures as JSON. */
  readonly jsonFile?: string;
}

/** What `npm run bench -- --help` prints. */
export const USAGE = `npm run bench -- [--tickets 100000] [--seconds 3] [--rounds 3] [--only ${CASE_NAMES.join(',')}] [--json file]

  --tickets  how many tickets to load over 50 projects, 10000 to 5000000
  --seconds  length of each single measurement
  --rounds   how often each is repeated, at least 3; the median counts
  --only     some of the cases; "create" stands for create and create-hot, "list" for all lists
  --json     also writes the figures into this file`;

/** The command line is not usable; the message says how it should be. */
export class UsageError extends Error {}

const GROUPS: Readonly<Record<string, readonly CaseName[]>> = {
  create: ['create', 'create-hot'],
  list: ['list', 'list-deep', 'list-filtered', 'list-small'],
};

/**
 * Reads the command line.
 * @throws {UsageError} for an unknown option or a value out of bounds.
 */
export function readOptions(args: readonly string[]): BenchOptions {
  const given = new Map<string, string>();
  for (let index = 0; index < args.length; index += 2) {
    const [name = '', value] = args.slice(index, index + 2);
    if (!['--database', '--tickets', '--seconds', '--rounds', '--only', '--json'].includes(name)) {
      throw new UsageError(`There is no option ${name}.\n${USAGE}`);
    }
    if (value === undefined) {
      throw new UsageError(`${name} needs a value.\n${USAGE}`);
    }
    given.set(name, value);
  }
  return {
    databaseUrl: given.get('--database') ?? 'postgres://postgres@127.0.0.1:5432/postgres',
    tickets: wholeNumber('--tickets', given.get('--tickets') ?? '100000', 10_000, 5_000_000),
    seconds: wholeNumber('--seconds', given.get('--seconds') ?? '3', 1, 600),
    rounds: wholeNumber('--rounds', given.get('--rounds') ?? '3', 3, 100),
    only: caseNames(given.get('--only')),
    jsonFile: given.get('--json'),
  };
}

function wholeNumber(name: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new UsageError(`${name} must be a whole number from ${min} to ${max}, not "${text}".`);
  }
  return value;
}

function caseNames(list: string | undefined): readonly CaseName[] {
  if (list === undefined) {
    return CASE_NAMES;
  }
  const wanted = new Set(list.split(',').flatMap((name) => GROUPS[name] ?? [name as CaseName]));
  const unknown = [...wanted].find((name) => !CASE_NAMES.includes(name));
  if (unknown !== undefined) {
    throw new UsageError(`--only knows ${CASE_NAMES.join(', ')}, not "${unknown}".`);
  }
  return CASE_NAMES.filter((name) => wanted.has(name));
}
