const FIRST_MS = 500;
const LONGEST_MS = 30_000;

/** A process that has served for so long was well: its end is the first one again. */
export const STABLE_MS = 60_000;

/** How long to wait before a process is started again that has ended so many times in a row, in milliseconds. */
export function restartPause(ends: number): number {
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.max(0, ends - 1));
}
