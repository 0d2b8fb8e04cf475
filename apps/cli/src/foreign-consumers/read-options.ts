import { EVENT_TYPES } from '#contracts';
import type { EventChoice, ForeignConsumerKey, QueueBounds } from '#messaging';
import { nearestName } from '#platform';
import type { Input } from '../command-line/command';
import { required, UsageError } from '../command-line/command';

const SECONDS = { s: 1, m: 60, h: 3_600, d: 86_400 } as const;

/** The consumer that the command line names. */
export function readKey(input: Input): ForeignConsumerKey {
  return {
    project: required(input, 'project'),
    side: input.flags.has('test') ? 'test' : 'live',
    name: required(input, 'name'),
  };
}

/** The events of `--events`. @throws {UsageError} for one that there is not. */
export function readEvents(input: Input): EventChoice {
  const names = required(input, 'events')
    .split(',')
    .map((name) => name.trim());
  if (names.includes('all')) {
    if (names.length > 1) {
      throw new UsageError('--events is all, or names of events, not both.');
    }
    return 'all';
  }
  for (const name of names) {
    if (!EVENT_TYPES.includes(name)) {
      const nearest = nearestName(name, EVENT_TYPES);
      const hint = nearest ? `Did you mean "${nearest}"?` : `There are: all, ${EVENT_TYPES.join(', ')}.`;
      throw new UsageError(`There is no event "${name}". ${hint}`);
    }
  }
  return names;
}

/** The bounds that are given. @throws {UsageError} for what is no number or no time. */
export function readBounds(input: Input): Partial<QueueBounds> {
  const maxLength = readCount(input, 'max-length');
  const maxBytes = readCount(input, 'max-bytes');
  const ttlSeconds = readTime(input, 'ttl');
  return {
    ...(maxLength !== undefined && { maxLength }),
    ...(maxBytes !== undefined && { maxBytes }),
    ...(ttlSeconds !== undefined && { ttlSeconds }),
  };
}

function readCount({ options }: Input, name: string): number | undefined {
  const text = options[name];
  if (text !== undefined && !/^\d{1,15}$/.test(text)) {
    throw new UsageError(`--${name} must be a whole number. "${text}" is not.`);
  }
  return text === undefined ? undefined : Number(text);
}

function readTime({ options }: Input, name: string): number | undefined {
  const text = options[name];
  if (text === undefined) {
    return undefined;
  }
  const [, count, unit] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
  if (count === undefined) {
    throw new UsageError(`--${name} must be a time, such as 30m, 12h or 7d. "${text}" is not.`);
  }
  return Number(count) * SECONDS[unit as keyof typeof SECONDS];
}
