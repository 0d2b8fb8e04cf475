import { Random } from '../support/ledger/random';

/** What a misfortune befalls; two of one target never happen at the same time. */
export type Target = 'processes' | 'broker' | 'postgres' | 'way to the broker' | 'way to the database';

/** What can go wrong, by what it befalls. */
const FATES = {
  processes: ['killed', 'killed', 'killed while it starts', 'both killed', 'paused'],
  broker: ['killed', 'paused', 'queue deleted', 'exchange deleted', 'memory alarm'],
  postgres: ['killed', 'paused'],
  'way to the broker': ['slow', 'reset', 'black hole', 'half-open'],
  'way to the database': ['slow', 'reset', 'black hole', 'half-open'],
} as const satisfies Readonly<Record<Target, readonly string[]>>;

/** What goes wrong. */
export type Fate = (typeof FATES)[Target][number];

/** One misfortune, with everything that is left to chance. */
export interface Misfortune {
  readonly target: Target;
  readonly fate: Fate;
  /** Which of the two processes or consumers. */
  readonly place: 0 | 1;
  /** For how long, where it has an end, in milliseconds. */
  readonly lastingMs: number;
}

/** Misfortunes that begin together, after the writers have been told of so many more successes. */
export interface Step {
  readonly afterRequests: number;
  readonly misfortunes: readonly Misfortune[];
}

const SHORTEST_MS = 200;
const LONGEST_MS = 4_000;

/** So many steps out of a hundred have two misfortunes. */
const PAIRS = 35;

/** What a seed has in store, without an end: each kind of misfortune comes once before any of them comes again. */
export function* planOf(seed: number): Generator<Step, never> {
  const random = new Random(seed);
  let deck: Misfortune[] = [];
  for (;;) {
    deck = deck.length > 0 ? deck : shuffled(random);
    const [first, ...others] = deck as [Misfortune, ...Misfortune[]];
    const beside = random.chance(PAIRS) ? others.find(({ target }) => target !== first.target) : undefined;
    deck = others.filter((one) => one !== beside);
    yield { afterRequests: random.between(5, 40), misfortunes: beside ? [first, beside] : [first] };
  }
}

function shuffled(random: Random): Misfortune[] {
  return Object.entries(FATES)
    .flatMap(([target, fates]) => fates.map((fate) => ({ target: target as Target, fate })))
    .map((one) => ({ order: random.next(), one }))
    .toSorted((a, b) => a.order - b.order)
    .map(({ one }) => ({
      ...one,
      place: random.chance(50) ? 1 : 0,
      lastingMs: random.between(SHORTEST_MS, LONGEST_MS),
    }));
}
