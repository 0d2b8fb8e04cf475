import { eventually } from '../eventually';

/**
 * How long a fact about processes may take to come true, in milliseconds: many times what any of them needs, because starts, deaths
 * and recoveries share the machine with all other tests.
 */
export const PATIENCE_MS = 90_000;

/** {@link eventually}, with the patience that processes need; so many times as much for what is so many times larger than usual. */
export async function inTheEnd<T>(look: () => T | Promise<T>, times = 1): Promise<T> {
  return eventually(look, times * PATIENCE_MS);
}
