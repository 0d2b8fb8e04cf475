import { setTimeout as pause } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { faultPoint } from '#database';
import type { EventEnvelope } from '#contracts';
import type { ConsumerRuntime } from '../../consumers/consumer-runtime';
import { logConsumed } from '../../consumers/consumption-log';
import { isAbort, judgeFailure } from '../../consumers/failure-policy';
import { readEnvelope } from '../../consumers/read-envelope';
import type { Slots } from '../../consumers/slots';
import type { Subscription } from '../subscription';
import { isDeferral, isFreeing, toOutcome } from './decision';
import type { Decision } from './decision';
import { DeferredEvents } from './deferred-events';
import type { DeferralContext } from './deferred-events';
import { findPlace, firstHeld, removeHold } from './holds';
import type { EventPlace } from './holds';
import { heldMessage } from './messages';
import type { IncomingMessage } from './messages';
import type { ConsumerQueues } from './topology';

/** What all handlers of a process share. */
export interface HandlerContext extends DeferralContext {
  readonly runtime: ConsumerRuntime;
  /** Attempts that the process may make at once. What waits for the broker afterwards takes none. */
  readonly slots: Slots;
}

/** How the work on a message ended. */
export interface Handled {
  /** Whether the message may be acknowledged. If not, everything stops, and the work was not finished. */
  readonly isDone: boolean;
  /** Whether events that waited for this one may go on. */
  readonly isFreeing: boolean;
}

/**
 * Pauses before an event that came too early is looked at again. It is early when consumers change: the one that stops still has
 * in hand what comes before.
 */
const EARLY_PAUSES_MS = [50, 100, 200, 400];

/** So much longer than a handler may take does an early event wait: then the one before it will not come, for whatever reason. */
const EARLY_MARGIN_MS = 10_000;

/**
 * Handles the messages of one consumer. The inbox row and the effect commit together, and before the acknowledgement; the inbox
 * row makes what is delivered again one effect.
 */
export class DeliveryHandler {
  private readonly logger = new Logger('event-path');
  private readonly deferred: DeferredEvents;

  constructor(
    private readonly subscription: Subscription,
    private readonly queues: ConsumerQueues,
    private readonly context: HandlerContext,
    private readonly stopping: AbortSignal,
  ) {
    this.deferred = new DeferredEvents(subscription.consumer, queues, context, stopping);
  }

  /** Makes an attempt, or lets the message wait. Does not throw. */
  async handle(message: IncomingMessage): Promise<Handled> {
    const startedAt = performance.now();
    try {
      const decision = await this.decide(message);
      if (isDeferral(decision)) {
        await this.deferred.defer(message, decision);
      }
      this.log(message, decision, startedAt);
      return { isDone: decision.kind !== 'interrupted', isFreeing: isFreeing(decision) };
    } catch (error) {
      this.logger.warn({ event: 'event.left', ...this.idsOf(message), error: String(error) });
      return { isDone: false, isFreeing: false };
    }
  }

  /** Handles what came behind this event, in order, up to one that fails. Does not throw. */
  async goOn({ event }: IncomingMessage): Promise<void> {
    let mayGoOn = event !== null;
    while (mayGoOn && !this.stopping.aborted) {
      const next = await this.nextBehind(event);
      mayGoOn = next !== null && (await this.handle(next)).isFreeing;
    }
  }

  private async nextBehind(event: EventEnvelope | null): Promise<IncomingMessage | null> {
    const { consumer } = this.subscription;
    try {
      const held = event && (await this.context.uow.runAsWorker((tx) => firstHeld(tx, consumer, event)));
      return held?.attempts === 0 ? heldMessage(held.event) : null;
    } catch (error) {
      // It will be found: see StrandedEvents.
      this.logger.warn({ event: 'event.left', consumer, aggregate_id: event?.subject, error: String(error) });
      return null;
    }
  }

  private async decide(message: IncomingMessage): Promise<Decision> {
    let decision = await this.tryAttempt(message);
    for (const pauseMs of EARLY_PAUSES_MS) {
      if (decision.kind === 'early' && !this.stopping.aborted) {
        await pause(pauseMs, undefined, { signal: this.stopping }).catch(() => undefined);
        decision = await this.tryAttempt(message);
      }
    }
    return decision.kind === 'early' && this.stopping.aborted ? { kind: 'interrupted' } : decision;
  }

  private async tryAttempt(message: IncomingMessage): Promise<Decision> {
    try {
      return await this.context.slots.run(() => this.attempt(message));
    } catch (error) {
      return this.stopping.aborted && isAbort(error) ? { kind: 'interrupted' } : this.judge(message, error);
    }
  }

  private judge(message: IncomingMessage, error: unknown): Decision {
    const attempts = message.attempts + 1;
    const verdict = judgeFailure(error, attempts, this.context.settings.retryDelaysMs);
    const { reason } = verdict;
    const rung = verdict.kind === 'retry' ? this.queues.rungs[attempts - 1] : undefined;
    return rung ? { kind: 'retry', rung, attempts, reason } : { kind: 'dead', attempts, reason };
  }

  private async attempt(message: IncomingMessage): Promise<Decision> {
    const { uow, settings, runtime } = this.context;
    const event = readEnvelope(message.body);
    const decision = await uow.runAsWorker(async (tx): Promise<Decision> => {
      const arrival = { event, attempts: message.attempts };
      const place = await findPlace(tx, this.subscription, arrival, settings.now());
      const obstacle = this.obstacleOf(place, message);
      if (obstacle) {
        return obstacle;
      }
      const attempt = { body: message.body, attempt: message.attempts + 1, stopping: this.stopping };
      const kind = await runtime.consume(tx, this.subscription, attempt);
      return { kind, hadHold: await removeHold(tx, this.subscription.consumer, event.id) };
    });
    faultPoint('consumer.afterCommit');
    return decision;
  }

  /** What is to be done instead of an attempt; undefined when nothing is in the way. */
  private obstacleOf(place: EventPlace, { attempts, source }: IncomingMessage): Decision | undefined {
    const { rungs } = this.queues;
    switch (place.kind) {
      case 'emptied':
        return { kind: 'gone', hadHold: false };
      case 'dead':
        return place;
      case 'outdated':
        // Delivered again, it may be the one whose move a crash has cut short.
        return source.fields.redelivered ? this.moveAgain(place) : { kind: 'outdated' };
      case 'behind':
        return { kind: 'behind', dueAt: place.dueAt, attempts };
      case 'early':
        return rungs[0] && !this.hasWaited(place.waitsSince) ? { kind: 'early', rung: rungs[0], attempts } : undefined;
      default:
        return undefined;
    }
  }

  private moveAgain({ attempts, reason }: { readonly attempts: number; readonly reason: string }): Decision {
    const rung = this.queues.rungs[attempts - 1];
    return rung ? { kind: 'retry', rung, attempts, reason } : { kind: 'dead', attempts, reason };
  }

  private hasWaited(since: Date | null): boolean {
    const { now, handlerTimeoutMs } = this.context.settings;
    return since !== null && now().getTime() - since.getTime() >= handlerTimeoutMs + EARLY_MARGIN_MS;
  }

  private log(message: IncomingMessage, decision: Decision, startedAt: number): void {
    const outcome = toOutcome(decision);
    if (!outcome) {
      this.logger.debug({ event: `event.${decision.kind}`, ...this.idsOf(message) });
      return;
    }
    const { event, eventId, attempts } = message;
    const attempt = {
      consumer: this.subscription.consumer,
      eventId,
      type: event?.type ?? null,
      projectId: event?.projectid ?? '',
      attempt: attempts + 1,
      requestId: event?.requestid ?? eventId,
      traceparent: event?.traceparent,
      startedAt,
    };
    logConsumed(this.context.settings.observer, attempt, outcome);
  }

  private idsOf({ eventId, event }: IncomingMessage): Record<string, string | undefined> {
    return { consumer: this.subscription.consumer, event_id: eventId, project_id: event?.projectid };
  }
}
