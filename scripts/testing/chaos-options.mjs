import { randomInt } from 'node:crypto';

const MOST_MINUTES = 600;
const MOST_SEED = 4_294_967_295;

const [FEWEST_TICKETS, MOST_TICKETS] = [3_000, 1_000_000];

const USAGE =
  'Random misfortunes are told by --minutes (a number up to 600), --seed (a whole number) and --tickets (3000 to 1000000, for scans), ' +
  'for example: npm run test:chaos -- --minutes 10 --seed 4711';

/**
 * Takes what tells random tests how long and from which seed out of the arguments.
 * @param {readonly string[]} args
 * @returns {{ readonly rest: readonly string[], readonly minutes: number | undefined, readonly seed: number | undefined,
 *   readonly tickets: number | undefined }}
 * @throws {Error} when a value is missing or is none.
 */
export function takeChaosOptions(args) {
  const rest = [];
  const options = { minutes: undefined, seed: undefined, tickets: undefined };
  for (let place = 0; place < args.length; place++) {
    const [, name, given] = /^--(minutes|seed|tickets)(?:=(.*))?$/.exec(args[place]) ?? [];
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
 * @param {{ readonly minutes?: number, readonly seed?: number, readonly tickets?: number }} options
 * @returns {{ readonly env: Readonly<Record<string, string>>, readonly description: string }}
 */
export function chaosRun({ minutes, tickets, seed = Number(process.env.HELPDESK_CHAOS_SEED ?? randomInt(1_000_000)) }) {
  const seconds = minutes === undefined ? process.env.HELPDESK_CHAOS_SECONDS : String(minutes * 60);
  return {
    env: {
      HELPDESK_CHAOS_SEED: String(seed),
      ...(seconds !== undefined && { HELPDESK_CHAOS_SECONDS: seconds }),
      ...(tickets !== undefined && { HELPDESK_CHAOS_TICKETS: String(tickets) }),
    },
    description: `random misfortunes of seed ${seed}; to see them again: npm run test:chaos -- --seed ${seed}`,
  };
}

const BOUNDS = {
  minutes: (number) => number > 0 && number <= MOST_MINUTES,
  seed: (number) => Number.isInteger(number) && number >= 0 && number <= MOST_SEED,
  tickets: (number) => Number.isInteger(number) && number >= FEWEST_TICKETS && number <= MOST_TICKETS,
};

function read(name, value) {
  const number = Number(value);
  if (value === undefined || value.trim() === '' || !BOUNDS[name](number)) {
    throw new Error(`--${name} ${value ?? ''} is not understood. ${USAGE}`);
  }
  return number;
}
