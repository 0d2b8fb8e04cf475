import { randomInt } from 'node:crypto';

const MOST_MINUTES = 600;
const MOST_SEED = 4_294_967_295;

const USAGE =
  'Random misfortunes are told by --minutes (a number up to 600) and --seed (a whole number), for example: ' +
  'npm run test:chaos -- --minutes 10 --seed 4711';

/**
 * Takes what tells random tests how long and from which seed out of the arguments.
 * @param {readonly string[]} args
 * @returns {{ readonly rest: readonly string[], readonly minutes: number | undefined, readonly seed: number | undefined }}
 * @throws {Error} when a value is missing or is none.
 */
export function takeChaosOptions(args) {
  const rest = [];
  const options = { minutes: undefined, seed: undefined };
  for (let place = 0; place < args.length; place++) {
    const [, name, given] = /^--(minutes|seed)(?:=(.*))?$/.exec(args[place]) ?? [];
    if (name === undefined) {
      rest.push(args[place]);
    } else {
      options[name] = read(name, given ?? args[++place]);
    }
  }
  return { rest, ...options };
}

/**
 * What the random tests of a run go by: a seed in any case, so that all of them have the one that is printed.
 * @param {{ readonly minutes: number | undefined, readonly seed: number | undefined }} options
 * @returns {{ readonly env: Readonly<Record<string, string>>, readonly description: string }}
 */
export function chaosRun({ minutes, seed = Number(process.env.HELPDESK_CHAOS_SEED ?? randomInt(1_000_000)) }) {
  const seconds = minutes === undefined ? process.env.HELPDESK_CHAOS_SECONDS : String(minutes * 60);
  return {
    env: { HELPDESK_CHAOS_SEED: String(seed), ...(seconds !== undefined && { HELPDESK_CHAOS_SECONDS: seconds }) },
    description: `random misfortunes of seed ${seed}; to see them again: npm run test:chaos -- --seed ${seed}`,
  };
}

function read(name, value) {
  const number = Number(value);
  const isGood =
    name === 'minutes'
      ? number > 0 && number <= MOST_MINUTES
      : Number.isInteger(number) && number >= 0 && number <= MOST_SEED;
  if (value === undefined || value.trim() === '' || !isGood) {
    throw new Error(`--${name} ${value ?? ''} is not understood. ${USAGE}`);
  }
  return number;
}
