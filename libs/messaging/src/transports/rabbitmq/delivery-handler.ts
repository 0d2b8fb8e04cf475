import { setTimeout as pause } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { faultPoint } from '#database';
import type { WorkerTx } from '#database';
import type { EventEnvelope } from '#contracts';
import { BatchSize } from '../../consumers/batch-size';
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
import { findPlaces, firstHeld, removeHolds } from './holds';
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

/** A message with what has been decided; undecided is what is to be tried alone. */
export interface Begun {
  readonly message: IncomingMessage;
  readonly decision?: Decision;
  /** As `performance.now()` counts, in milliseconds. */
  readonly startedAt: number;
}

/** How the work on a message ended. */
export interface Handled {
  /** Whether the message may be acknowledged. If not, everything stops, and the work was not finished. */
  readonly isDone: boolean;
  /** Whether events that waited for this one may go on. */
  readonly isFreeing: boolean;
}

/**
 * Pauses before an event that came too early is looked at again. Mostly it is early when consumers change: the one that stops still
 * has in hand what comes before.
 */
const EARLY_PAUSES_MS = [50, 100, 200, 400];

/**
 * Handles the messages of one consumer. The inbox row and the effect commit together, and before the acknowledgement; the inbox
 * row makes what is delivered again one effect. What is in hand shares a transaction while that goes well; when it does not, nothing of
 * it has happened, and each is tried alone.
 */
export class DeliveryHandler {
  private readonly logger = new Logger('event-path');
  private readonly size = new BatchSize();
  private readonly deferred: DeferredEvents;

  constructor(
    private readonly subscription: Subscription,
    private readonly queues: ConsumerQueues,
    private readonly context: HandlerContext,
    private readonly stopping: AbortSignal,
  ) {
    this.deferred = new DeferredEvents(subscription.consumer, queues, context, stopping);
  }

  /** How many messages may share a transaction now. */
  get batchSize(): number {
    return this.size.next;
  }

  /**
   * Makes an attempt at each of these messages, which belong to different aggregates, in one transaction. Does not throw.
   * @returns what is to become of each, for {@link finish}; when something fails, and there are several, nothing has happened to any.
   */
  async begin(messages: readonly IncomingMessage[]): Promise<readonly Begun[]> {
    const startedAt = performance.now();
    const [first, second] = messages;
    if (first && !second) {
      return [{ message: first, startedAt, decision: await this.tryAlone(first) }];
    }
    const decisions = await this.tryTogether(messages);
    return messages.map((message, index) => ({ message, startedAt, decision: decisions[index] }));
  }

  /** Does what has been decided, after an attempt at this message alone where there was none yet. Does not throw. */
  async finish({ message, decision: begun, startedAt }: Begun): Promise<Handled> {
    try {
      const decision = await this.decide(message, begun);
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
      mayGoOn = next !== null && (await this.finish({ message: next, startedAt: performance.now() })).isFreeing;
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

  private async decide(message: IncomingMessage, begun: Decision | undefined): Promise<Decision> {
    const tryInSlot = (): Promise<Decision> => this.context.slots.run(() => this.tryAlone(message));
    let decision = begun ?? (await tryInSlot());
    for (const pauseMs of EARLY_PAUSES_MS) {
      if (decision.kind === 'early' && !this.stopping.aborted) {
        await pause(pauseMs, undefined, { signal: this.stopping }).catch(() => undefined);
        decision = await tryInSlot();
      }
    }
    return decision.kind === 'early' && this.stopping.aborted ? { kind: 'interrupted' } : decision;
  }

  private async tryAlone(message: IncomingMessage): Promise<Decision> {
    try {
      const [decision] = await this.attempt([message]);
      return decision as Decision;
    } catch (error) {
      this.size.failed(1);
      return this.stopping.aborted && isAbort(error) ? { kind: 'interrupted' } : this.judge(message, error);
    }
  }

  /** Undecided are all of them when one fails. */
  private async tryTogether(messages: readonly IncomingMessage[]): Promise<readonly Decision[]> {
    try {
      return await this.attempt(messages);
    } catch (error) {
      this.size.failed(messages.length);
      const { consumer } = this.subscription;
      this.logger.debug({ event: 'events.taken_back', consumer, count: messages.length, error: String(error) });
      return [];
    }
  }

  private judge(message: IncomingMessage, error: unknown): Decision {
    const attempts = message.attempts + 1;
    const verdict = judgeFailure(error, attempts, this.context.settings.retryDelaysMs);
    const { reason } = verdict;
    const rung = verdict.kind === 'retry' ? this.queues.rungs[attempts - 1] : undefined;
    return rung ? { kind: 'retry', rung, attempts, reason } : { kind: 'dead', attempts, reason };
  }

  private async attempt(messages: readonly IncomingMessage[]): Promise<readonly Decision[]> {
    const startedAt = performance.now();
    const arrivals = messages.map((message) => ({ event: eventOf(message), attempts: message.attempts }));
    const { decisions, handled, handlersMs } = await this.context.uow.runAsWorker(async (tx) => {
      const places = await findPlaces(tx, this.subscription, arrivals, this.context.settings.now());
      const obstacles = messages.map((message, index) => this.obstacleOf(places[index], message));
      const free = messages.filter((_message, index) => obstacles[index] === undefined);
      const consumed = free.length > 0 ? await this.consume(tx, free) : { ends: [], handlersMs: 0 };
      const ends = [...consumed.ends];
      return {
        ...consumed,
        handled: free.length,
        decisions: obstacles.map((one) => one ?? (ends.shift() as Decision)),
      };
    });
    if (handled > 0) {
      this.size.succeeded(handled, { handlersMs, restMs: performance.now() - startedAt - handlersMs });
    }
    for (let committed = 0; committed < messages.length; committed++) {
      faultPoint('consumer.afterCommit');
    }
    return decisions;
  }

  /** The transaction's last step: nothing is in the way of these messages. */
  private async consume(
    tx: WorkerTx,
    messages: readonly IncomingMessage[],
  ): Promise<{ readonly ends: readonly Decision[]; readonly handlersMs: number }> {
    const { stopping } = this;
    const attempts = messages.map((one) => ({ event: eventOf(one), attempt: one.attempts + 1, stopping }));
    const { kinds, handlersMs } = await this.context.runtime.consume(tx, this.subscription, attempts);
    const eventIds = messages.map(({ eventId }) => eventId);
    const held = await removeHolds(tx, this.subscription.consumer, eventIds);
    return { ends: kinds.map((kind, index) => ({ kind, hadHold: held.has(eventIds[index] ?? '') })), handlersMs };
  }

  /** What is to be done instead of an attempt; undefined when nothing is in the way. */
  private obstacleOf(place: EventPlace | undefined, { attempts, source }: IncomingMessage): Decision | undefined {
    const { rungs } = this.queues;
    switch (place?.kind) {
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
        // However long: when the one before it does not come by itself, it is brought back, see StrandedEvents.
        return rungs[0]
          ? { kind: 'early', rung: rungs[0], attempts }
          : { kind: 'behind', dueAt: this.context.settings.now(), attempts };
      default:
        return undefined;
    }
  }

  private moveAgain({ attempts, reason }: { readonly attempts: number; readonly reason: string }): Decision {
    const rung = this.queues.rungs[attempts - 1];
    return rung ? { kind: 'retry', rung, attempts, reason } : { kind: 'dead', attempts, reason };
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

/** @throws {PermanentFailure} when it is no event, with the reason. */
function eventOf({ event, body }: IncomingMessage): EventEnvelope {
  return event ?? readEnvelope(body);
}
