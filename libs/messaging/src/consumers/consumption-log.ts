import { Logger } from '@nestjs/common';
import type { EventObserver } from '../observation/event-observer';
import { runInRequest } from '../request-context/request-context';
import type { Consumption } from './consumer-runtime';
import type { Verdict } from './failure-policy';

/** What one attempt was about. */
export interface ConsumedEvent {
  readonly consumer: string;
  readonly eventId: string;
  readonly type: string | null;
  readonly projectId: string;
  readonly attempt: number;
  readonly requestId: string;
  readonly traceparent?: string;
  /** As `performance.now()` counts, in milliseconds. */
  readonly startedAt: number;
}

/** How one attempt ended; an interrupted one counts for nothing. */
export type Outcome = { readonly kind: Consumption | 'interrupted' } | Verdict;

const logger = new Logger('events');

/** One line per attempt: ids, never contents. The observer is told the same. */
export function logConsumed(observer: EventObserver, event: ConsumedEvent, outcome: Outcome): void {
  observer.consumed(event, outcome);
  const line = {
    event: 'event.consumed',
    consumer: event.consumer,
    event_id: event.eventId,
    type: event.type,
    project_id: event.projectId,
    attempt: event.attempt,
    ms: Math.round(performance.now() - event.startedAt),
    outcome: outcome.kind,
    ...('reason' in outcome && { reason: outcome.reason }),
    ...('delayMs' in outcome && { retry_in_ms: outcome.delayMs }),
  };
  runInRequest({ requestId: event.requestId, traceparent: event.traceparent }, () => logger[levelOf(outcome)](line));
}

/** The trace of an event: the envelope, which we have written, names it before anything that a user has written. */
export function traceparentOf(body: string): string | undefined {
  return /^\{[^{]*"traceparent":"([0-9a-f-]+)"/.exec(body)?.[1];
}

function levelOf({ kind }: Outcome): 'log' | 'warn' | 'error' {
  return kind === 'dead' ? 'error' : kind === 'retry' ? 'warn' : 'log';
}
