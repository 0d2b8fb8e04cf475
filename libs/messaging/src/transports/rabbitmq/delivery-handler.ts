import { setTimeout as pause } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { faultPoint } from '#database';
import type { UnitOfWork } from '#database';
import type { ConsumerRuntime, Consumption } from '../../consumers/consumer-runtime';
import { logConsumed } from '../../consumers/consumption-log';
import type { Outcome } from '../../consumers/consumption-log';
import { isAbort, judgeFailure } from '../../consumers/failure-policy';
import { readEnvelope } from '../../consumers/read-envelope';
import type { Slots } from '../../consumers/slots';
import type { MessagingSettings } from '../../messaging-settings';
import type { Subscription } from '../subscription';
import { BrokerUnavailableError } from './broker.errors';
import type { ConfirmedPublisher } from './confirmed-publisher';
import { findPlace, placeHold, removeHold } from './holds';
import { movedMessage } from './messages';
import type { IncomingMessage } from './messages';
import type { ConsumerQueues, Rung } from './topology';

/** What all handlers of a process share. */
export interface HandlerContext {
  readonly uow: UnitOfWork;
  readonly runtime: ConsumerRuntime;
  readonly settings: MessagingSettings;
  /** Publishes to rungs and dead queues. */
  readonly moves: ConfirmedPublisher;
  /** Attempts that the process may make at once. What waits for the broker afterwards takes none. */
  readonly slots: Slots;
}

/** What is to happen to a message. */
type Decision =
  | { readonly kind: Consumption | 'interrupted' }
  | { readonly kind: 'retry'; readonly rung: Rung; readonly attempts: number; readonly reason: string }
  | { readonly kind: 'behind'; readonly rung: Rung; readonly attempts: number }
  | { readonly kind: 'dead'; readonly attempts: number; readonly reason: string };

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

/**
 * Handles the messages of one consumer. The inbox row and the effect commit together; a message that has to wait, or is dead, gets
 * its hold, then goes to its rung or to the dead queue, and is acknowledged when it is safe there. A crash between two of these
 * steps repeats some of them: the inbox row makes that one effect, the hold one decision.
 */
export class DeliveryHandler {
  private readonly logger = new Logger('event-path');

  constructor(
    private readonly subscription: Subscription,
    private readonly queues: ConsumerQueues,
    private readonly context: HandlerContext,
    private readonly stopping: AbortSignal,
  ) {}

  /**
   * Makes an attempt. Does not throw.
   * @returns false when the message has to stay in its queue: everything stops, and the work on it was not finished.
   */
  async handle(message: IncomingMessage): Promise<boolean> {
    const startedAt = performance.now();
    try {
      const decision = await this.decide(message);
      await this.carryOut(message, decision);
      this.log(message, decision, startedAt);
      return decision.kind !== 'interrupted';
    } catch (error) {
      this.logger.warn({ event: 'event.left', ...this.idsOf(message), error: String(error) });
      return false;
    }
  }

  private async decide(message: IncomingMessage): Promise<Decision> {
    try {
      return await this.context.slots.run(() => this.attempt(message));
    } catch (error) {
      if (this.stopping.aborted && isAbort(error)) {
        return { kind: 'interrupted' };
      }
      const attempts = message.attempts + 1;
      const verdict = judgeFailure(error, attempts, this.context.settings.retryDelaysMs);
      const rung = this.queues.rungs[attempts - 1];
      return verdict.kind === 'retry' && rung
        ? { kind: 'retry', rung, attempts, reason: verdict.reason }
        : { kind: 'dead', attempts, reason: verdict.reason };
    }
  }

  private async attempt({ body, attempts }: IncomingMessage): Promise<Decision> {
    const event = readEnvelope(body);
    const { uow, runtime } = this.context;
    const decision = await uow.runAsWorker(async (tx): Promise<Decision> => {
      const place = await findPlace(tx, this.subscription.consumer, event);
      const rung = place.kind === 'behind' ? this.rungUntil(place.dueAt) : undefined;
      if (rung) {
        return { kind: 'behind', rung, attempts };
      }
      if (place.kind === 'dead') {
        return place;
      }
      if (place.kind === 'emptied') {
        return { kind: 'gone' };
      }
      const attempt = { body, attempt: attempts + 1, stopping: this.stopping };
      const kind = await runtime.consume(tx, this.subscription, attempt);
      await removeHold(tx, this.subscription.consumer, event.id);
      return { kind };
    });
    faultPoint('consumer.afterCommit');
    return decision;
  }

  /** The longest rung that ends in time, so that a long wait takes few rounds; else the shortest. */
  private rungUntil(dueAt: Date): Rung | undefined {
    const waitMs = dueAt.getTime() - this.context.settings.now().getTime();
    return this.queues.rungs.findLast(({ delayMs }) => delayMs <= waitMs) ?? this.queues.rungs[0];
  }

  private async carryOut(message: IncomingMessage, decision: Decision): Promise<void> {
    if (decision.kind !== 'retry' && decision.kind !== 'behind' && decision.kind !== 'dead') {
      return;
    }
    faultPoint('consumer.beforeFailure');
    const { attempts } = decision;
    const reason = decision.kind === 'behind' ? undefined : decision.reason;
    const rung = decision.kind === 'dead' ? undefined : decision.rung;
    await this.untilDone(() => this.hold(message, { attempts, reason: reason ?? null, delayMs: rung?.delayMs }));
    faultPoint('consumer.afterFailure');
    await this.untilDone(() => this.move(message, rung?.queue ?? this.queues.dead, { attempts, reason }));
    faultPoint('consumer.afterMove');
  }

  private async hold(
    { event }: IncomingMessage,
    { attempts, reason, delayMs }: { attempts: number; reason: string | null; delayMs: number | undefined },
  ): Promise<void> {
    if (!event) {
      return;
    }
    const { uow, settings } = this.context;
    const now = settings.now();
    const nextAt = delayMs === undefined ? null : new Date(now.getTime() + delayMs);
    const { consumer } = this.subscription;
    await uow.runAsWorker((tx) => placeHold(tx, { consumer, eventId: event.id, attempts, reason, nextAt }, now));
  }

  private async move(
    message: IncomingMessage,
    queue: string,
    headers: { readonly attempts: number; readonly reason: string | undefined },
  ): Promise<void> {
    const [receipt] = await this.context.moves.publish([movedMessage(message, queue, headers)]);
    if (receipt !== 'safe') {
      throw new BrokerUnavailableError(`The queue ${queue} is missing.`);
    }
  }

  /** Database or broker may be away: then nothing else could be done either. @throws when everything stops before. */
  private async untilDone(work: () => Promise<void>): Promise<void> {
    let pauseMs = FIRST_PAUSE_MS;
    for (;;) {
      try {
        return await work();
      } catch (error) {
        this.logger.warn({ event: 'consumer.waits', consumer: this.subscription.consumer, error: String(error) });
        if (this.stopping.aborted) {
          throw error;
        }
        await pause(pauseMs, undefined, { signal: this.stopping }).catch(() => undefined);
        pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
      }
    }
  }

  private log(message: IncomingMessage, decision: Decision, startedAt: number): void {
    if (decision.kind === 'behind') {
      const retry = { retry_in_ms: decision.rung.delayMs };
      this.logger.debug({ event: 'event.behind', ...this.idsOf(message), ...retry });
      return;
    }
    const { consumer } = this.subscription;
    const { event, eventId, attempts } = message;
    logConsumed(
      {
        consumer,
        eventId,
        type: event?.type ?? null,
        projectId: event?.projectid ?? '',
        attempt: attempts + 1,
        requestId: event?.requestid ?? eventId,
        startedAt,
      },
      toOutcome(decision),
    );
  }

  private idsOf({ eventId, event }: IncomingMessage): Record<string, string | undefined> {
    return { consumer: this.subscription.consumer, event_id: eventId, project_id: event?.projectid };
  }
}

function toOutcome(decision: Exclude<Decision, { kind: 'behind' }>): Outcome {
  switch (decision.kind) {
    case 'retry':
      return { kind: 'retry', delayMs: decision.rung.delayMs, reason: decision.reason };
    case 'dead':
      return { kind: 'dead', reason: decision.reason };
    default:
      return { kind: decision.kind };
  }
}
