/** Cases about events, each over one transport. */
export const EVENT_CASE_NAMES = [
  'relay-postgres',
  'consume-postgres',
  'latency-postgres',
  'relay-rabbitmq',
  'consume-rabbitmq',
  'latency-rabbitmq',
] as const;
export type EventCaseName = (typeof EVENT_CASE_NAMES)[number];

/** Cases about what happens behind the API. */
export const ENGINE_CASE_NAMES = ['routing', 'scan-idle', 'scan-due', 'report'] as const;
export type EngineCaseName = (typeof ENGINE_CASE_NAMES)[number];

/** All cases, in the order in which they run. */
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
  ...EVENT_CASE_NAMES,
  ...ENGINE_CASE_NAMES,
] as const;
export type CaseName = (typeof CASE_NAMES)[number];

/** What to measure, and how long. */
export interface BenchOptions {
  /** Address of a PostgreSQL server on which the benchmark may make databases. */
  readonly databaseUrl: string;
  /** Address of a RabbitMQ on which the benchmark may make queues; without one the events go over Postgres alone. */
  readonly brokerUrl?: string;
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
export const USAGE = `npm run bench -- [case …] [--tickets 100000] [--seconds 3] [--rounds 3] [--json file]

  case       what to measure, everything unless said: ${wrap(CASE_NAMES)};
             "create" and "list" stand for all that begin with it; "events" for the event path over both transports,
             "relay", "consume" and "latency" for one part of it; "scans" for both that begin with "scan"
  --tickets  how many tickets to load over 50 projects, 10000 to 5000000
  --seconds  length of each single measurement
  --rounds   how often each is repeated, at least 3; the median counts
  --only     the cases as a list with commas
  --json     also writes the figures into this file`;

/** The command line is not usable; the message says how it should be. */
export class UsageError extends Error {}

const GROUPS: Readonly<Record<string, readonly CaseName[]>> = {
  create: ['create', 'create-hot'],
  list: ['list', 'list-deep', 'list-filtered', 'list-small'],
  events: EVENT_CASE_NAMES,
  relay: EVENT_CASE_NAMES.filter((name) => name.startsWith('relay')),
  consume: EVENT_CASE_NAMES.filter((name) => name.startsWith('consume')),
  latency: EVENT_CASE_NAMES.filter((name) => name.startsWith('latency')),
  scans: ENGINE_CASE_NAMES.filter((name) => name.startsWith('scan')),
};

const OPTIONS = ['--database', '--broker', '--tickets', '--seconds', '--rounds', '--only', '--json'];

/** Whether a case is about requests, which are measured over one loaded database. */
export function isRequestCase(name: CaseName): boolean {
  return ![...EVENT_CASE_NAMES, ...ENGINE_CASE_NAMES].some((other) => other === name);
}

/**
 * Reads the command line.
 * @throws {UsageError} for an unknown option or a value out of bounds.
 */
export function readOptions(args: readonly string[]): BenchOptions {
  const { given, words } = split(args);
  const only = [...words, ...(given.get('--only')?.split(',') ?? [])];
  return {
    databaseUrl: given.get('--database') ?? 'postgres://postgres@127.0.0.1:5432/postgres',
    brokerUrl: given.get('--broker'),
    tickets: wholeNumber('--tickets', given.get('--tickets') ?? '100000', 10_000, 5_000_000),
    seconds: wholeNumber('--seconds', given.get('--seconds') ?? '3', 1, 600),
    rounds: wholeNumber('--rounds', given.get('--rounds') ?? '3', 3, 100),
    only: caseNames(only),
    jsonFile: given.get('--json'),
  };
}

/** Options have a value each; what stands alone is a case. */
function split(args: readonly string[]): { given: ReadonlyMap<string, string>; words: readonly string[] } {
  const [given, words] = [new Map<string, string>(), [] as string[]];
  const rest = [...args];
  for (let name = rest.shift(); name !== undefined; name = rest.shift()) {
    if (!name.startsWith('-')) {
      words.push(name);
      continue;
    }
    if (!OPTIONS.includes(name)) {
      throw new UsageError(`There is no option ${name}.\n${USAGE}`);
    }
    const value = rest.shift();
    if (value === undefined) {
      throw new UsageError(`${name} needs a value.\n${USAGE}`);
    }
    given.set(name, value);
  }
  return { given, words };
}

function wholeNumber(name: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new UsageError(`${name} must be a whole number from ${min} to ${max}, not "${text}".`);
  }
  return value;
}

function caseNames(names: readonly string[]): readonly CaseName[] {
  if (names.length === 0) {
    return CASE_NAMES;
  }
  const wanted = new Set(names.flatMap((name) => GROUPS[name] ?? [name as CaseName]));
  const unknown = [...wanted].find((name) => !CASE_NAMES.includes(name));
  if (unknown !== undefined) {
    throw new UsageError(
      `There is no case "${unknown}". Name some of ${[...Object.keys(GROUPS), ...CASE_NAMES].join(', ')}.`,
    );
  }
  return CASE_NAMES.filter((name) => wanted.has(name));
}

/** A list over several lines of the help. */
function wrap(names: readonly string[]): string {
  const half = Math.ceil(names.length / 2);
  return [names.slice(0, half), names.slice(half)].map((part) => part.join(', ')).join(',\n             ');
}
