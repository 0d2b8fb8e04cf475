import type { Consumption } from '../../consumers/consumer-runtime';
import type { Outcome } from '../../consumers/consumption-log';
import type { Rung } from './topology';

/** What becomes of a message after the work on it. */
export type Decision =
  /** Nothing more: it is acknowledged. `hadHold`: others of its aggregate may have waited for it. */
  | { readonly kind: Consumption; readonly hadHold: boolean }
  /** It is acknowledged: another message of its event has gone further. */
  | { readonly kind: 'outdated' }
  /** It stays in its queue: the process stops. */
  | { readonly kind: 'interrupted' }
  /** It goes to a rung: after a failed attempt, or because another process has the one before it in hand. */
  | { readonly kind: 'retry'; readonly rung: Rung; readonly attempts: number; readonly reason: string }
  | { readonly kind: 'early'; readonly rung: Rung; readonly attempts: number }
  /** It waits without its message until an earlier one of its aggregate is done, which is due at that time. */
  | { readonly kind: 'behind'; readonly dueAt: Date; readonly attempts: number }
  /** It goes to the dead queue. */
  | { readonly kind: 'dead'; readonly attempts: number; readonly reason: string };

/** A decision after which the event is not done: it needs a hold before its message is acknowledged. */
export type Deferral = Extract<Decision, { readonly attempts: number }>;

/** Whether the event is not done. */
export function isDeferral(decision: Decision): decision is Deferral {
  return 'attempts' in decision;
}

/** Whether others of its aggregate may go on now; after a duplicate, because a crash may have kept them from it. */
export function isFreeing(decision: Decision): boolean {
  return decision.kind === 'dead' || decision.kind === 'duplicate' || ('hadHold' in decision && decision.hadHold);
}

/** The decision as the log of attempts has it; null when no attempt was made. */
export function toOutcome(decision: Decision): Outcome | null {
  switch (decision.kind) {
    case 'retry':
      return { kind: 'retry', delayMs: decision.rung.delayMs, reason: decision.reason };
    case 'dead':
      return { kind: 'dead', reason: decision.reason };
    case 'behind':
    case 'early':
    case 'outdated':
      return null;
    default:
      return { kind: decision.kind };
  }
}
