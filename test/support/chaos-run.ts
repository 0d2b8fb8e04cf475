import { randomInt } from 'node:crypto';

/** Where a random test begins: `npm run test:chaos -- --seed 4711` sees a run again. */
export const CHAOS_SEED = Number(process.env['HELPDESK_CHAOS_SEED'] ?? randomInt(1_000_000));

/** How many tickets the random test of scans has: as `npm run test:chaos -- --tickets 100000` says, or its usual number. */
export function chaosTickets(usual: number): number {
  return Number(process.env['HELPDESK_CHAOS_TICKETS'] ?? usual);
}

/** For how long a random test makes trouble: as `npm run test:chaos -- --minutes 10` says, or for its usual time. */
export function chaosSeconds(usual: number): number {
  return Number(process.env['HELPDESK_CHAOS_SECONDS'] ?? usual);
}
