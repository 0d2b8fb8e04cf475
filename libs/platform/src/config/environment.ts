import { readFileSync } from 'node:fs';
import { z } from 'zod';

const port = (fallback: number) =>
  z.coerce.number('must be a number').int('must be a whole number').min(0).max(65_535).default(fallback);
const wholeNumber = (fallback: number, min: number, max: number) =>
  z.coerce.number('must be a number').int('must be a whole number').min(min).max(max).default(fallback);
const url = (protocols: readonly string[], example: string) =>
  z
    .string()
    .refine(
      (value) => URL.canParse(value) && protocols.includes(new URL(value).protocol),
      `must be an address such as ${example}`,
    )
    .optional();

/** Every name of the environment that the product reads. */
const SCHEMA = z.object({
  PORT: port(3000),
  OPS_PORT: port(9464),
  HELPDESK_DATA_DIR: z.string().min(1).default('.helpdesk'),
  PUBLIC_URL: url(['http:', 'https:'], 'https://helpdesk.example.com'),
  DATABASE_URL: url(['postgres:', 'postgresql:'], 'postgres://helpdesk:secret@db.example.com:5432/helpdesk'),
  DATABASE_POOL_SIZE: wholeNumber(16, 2, 500),
  RABBITMQ_URL: url(['amqp:', 'amqps:'], 'amqp://helpdesk:secret@mq.example.com:5672'),
  RABBITMQ_PREFIX: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,60}$/, 'must have at most 60 letters, digits, ".", "_" and "-"')
    .optional(),
  RABBITMQ_MANAGEMENT_URL: url(['http:', 'https:'], 'http://admin:secret@mq.example.com:15672').refine(
    (value) => value === undefined || !URL.canParse(value) || new URL(value).username !== '',
    'must name a user and a password, such as http://admin:secret@mq.example.com:15672',
  ),
  EVENT_TRANSPORT: z.enum(['postgres', 'rabbitmq'], 'must be postgres or rabbitmq').default('postgres'),
  HELPDESK_ROLES: z.string().optional(),
  KEY_PEPPER: z.string().min(16, 'must have at least 16 characters').optional(),
  EVENT_RETENTION_DAYS: wholeNumber(30, 1, 3650),
  SLA_SCAN_INTERVAL: wholeNumber(60, 1, 3600),
  RATE_LIMIT_PER_MINUTE: wholeNumber(300, 0, 100_000_000),
  LOG_LEVEL: z.enum(['error', 'warn', 'info', 'debug'], 'must be error, warn, info or debug').default('info'),
  DRAIN_SECONDS: wholeNumber(3, 0, 300),
  HELPDESK_FAULT: z.string().optional(),
});

/** The environment as the product understands it; values that are not given have their defaults. */
export type Environment = Readonly<z.infer<typeof SCHEMA>>;

/** Injects the {@link Environment}. */
export const ENVIRONMENT = Symbol('environment');

const SECRETS = new Set(['KEY_PEPPER']);

const EXAMPLES: Partial<Record<keyof Environment, string>> = {
  PORT: '3000',
  OPS_PORT: '9464',
  DATABASE_POOL_SIZE: '16',
  RABBITMQ_PREFIX: 'support.',
  EVENT_TRANSPORT: 'postgres',
  EVENT_RETENTION_DAYS: '30',
  SLA_SCAN_INTERVAL: '60',
  RATE_LIMIT_PER_MINUTE: '300',
  LOG_LEVEL: 'info',
  DRAIN_SECONDS: '3',
  KEY_PEPPER: 'a long random text',
};

/** The environment has values that the product cannot work with. Every one is named. */
export class EnvironmentError extends Error {
  constructor(readonly faults: readonly string[]) {
    super(`The environment is not usable:\n${faults.map((one) => `  ${one}`).join('\n')}`);
    this.name = 'EnvironmentError';
  }
}

/**
 * Reads the environment once. `<NAME>_FILE` names a file with the value, as secrets are mounted. An empty value counts as not
 * given.
 * @param defaults of a program that differs from the others.
 * @throws {EnvironmentError} with each wrong value's name, fault and an example.
 */
export function readEnvironment(
  source: Readonly<Record<string, string | undefined>> = process.env,
  defaults: Readonly<Partial<Record<keyof Environment, string>>> = {},
): Environment {
  const faults: string[] = [];
  const given: Record<string, string> = {};
  for (const name of Object.keys(SCHEMA.shape)) {
    const value = valueOf(source, name, faults);
    if (value !== undefined && value !== '') {
      given[name] = value;
    }
  }
  if (given['RABBITMQ_URL'] !== undefined) {
    given['EVENT_TRANSPORT'] ??= 'rabbitmq';
  }
  const result = SCHEMA.safeParse({ ...defaults, ...given });
  for (const issue of result.error?.issues ?? []) {
    const name = String(issue.path[0]) as keyof Environment;
    const shown = mayHoldSecret(name, given[name]) ? 'its value' : `"${given[name]}"`;
    const example = EXAMPLES[name] ? ` For example: ${name}=${EXAMPLES[name]}` : '';
    faults.push(`${name}: ${shown} ${issue.message.replace(/^Too (small|big): /, 'is wrong: ')}.${example}`);
  }
  if (result.data?.EVENT_TRANSPORT === 'rabbitmq' && result.data.RABBITMQ_URL === undefined) {
    faults.push(
      'RABBITMQ_URL: must be given with EVENT_TRANSPORT=rabbitmq. For example: RABBITMQ_URL=amqp://helpdesk:secret@mq.example.com:5672, or do without a broker: EVENT_TRANSPORT=postgres',
    );
  }
  if (faults.length > 0 || !result.data) {
    throw new EnvironmentError(faults);
  }
  return result.data;
}

function valueOf(
  source: Readonly<Record<string, string | undefined>>,
  name: string,
  faults: string[],
): string | undefined {
  const file = source[`${name}_FILE`];
  if (!file || source[name]) {
    return source[name];
  }
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    faults.push(`${name}_FILE: the file "${file}" cannot be read (${(error as NodeJS.ErrnoException).code}).`);
    return undefined;
  }
}

/** The process's own environment with some names changed, for a program that it starts. */
export function environmentOfChild(changes: Readonly<Record<string, string>>): Record<string, string | undefined> {
  return { ...process.env, ...changes };
}

/** Addresses that cannot be read may still have a password in them. */
function mayHoldSecret(name: string, value = ''): boolean {
  return SECRETS.has(name) || /@|password/i.test(value);
}

/** The environment for the log: secrets only as "set", passwords in addresses masked. */
export function maskedSummary(environment: Environment): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(environment).map(([name, value]) => {
      if (SECRETS.has(name)) {
        return [name, value === undefined ? 'not set' : 'set'];
      }
      return [name, typeof value === 'string' && URL.canParse(value) ? withoutPassword(value) : (value ?? 'not set')];
    }),
  );
}

function withoutPassword(address: string): string {
  const parsed = new URL(address);
  if (parsed.password) {
    parsed.password = '***';
  }
  for (const name of parsed.searchParams.keys()) {
    if (/password/i.test(name)) {
      parsed.searchParams.set(name, '***');
    }
  }
  return parsed.toString();
}
