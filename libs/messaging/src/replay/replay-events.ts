import { Inject, Injectable } from '@nestjs/common';
import { DomainError } from '#contracts';
import { UnitOfWork } from '#database';
import type { WorkerTx } from '#database';
import { EVENT_TRANSPORT } from '../transports/event-transport';
import type { EventTransport } from '../transports/event-transport';
import { findRange } from './find-range';
import type { ReplayBound } from './find-range';
import { forgetHandled, nextWindow } from './replay.sql';
import type { ReplaySearch, ReplayWindow } from './replay.sql';

/** Which events to give to a consumer again. */
export interface ReplayRequest {
  readonly consumer: string;
  /** The first one: an event counts, a time counts, a position in a project's log is that after which it begins. */
  readonly from: ReplayBound;
  /** The last one: an event and a position count, a time does not. Until now unless given. */
  readonly to?: ReplayBound;
  /** Only of this side of a project. */
  readonly projectId?: string;
  /** Only of these types; of all that the consumer wants unless given. */
  readonly types?: readonly string[];
  /** Also those that it has handled: they have their effect once more. */
  readonly force: boolean;
  /** Only counts. */
  readonly dryRun: boolean;
  /** Is told after each transaction. */
  readonly onProgress?: (progress: ReplayProgress) => void;
  /** Events of one transaction at most; 500 unless given. */
  readonly batch?: number;
}

/** How far a replay is. */
export interface ReplayProgress {
  /** Events that the consumer gets, or would get. */
  readonly events: number;
  /** The last one of them; null when there are none. */
  readonly lastEventId: string | null;
}

/** A replay has ended early. What it says was given is given; nothing else is. */
export class ReplayInterrupted extends Error {
  constructor(
    readonly progress: ReplayProgress,
    cause: unknown,
  ) {
    const { events, lastEventId } = progress;
    const goOn = lastEventId === null ? 'Begin again.' : `Go on with --from ${lastEventId}.`;
    super(`${cause instanceof Error ? cause.message : String(cause)} Events given so far: ${events}. ${goOn}`, {
      cause,
    });
    this.name = 'ReplayInterrupted';
  }
}

const BATCH = 500;

/**
 * Gives events of the log to one consumer again, and to no other: those that its inbox does not have, or all by `force`. Per
 * aggregate they come in order. What waits for the consumer already, or is dead, is left as it is.
 *
 * In transactions of few events, so that a million of them hold up nobody. With `force` the inbox rows go in the transaction that
 * hands the events over: a consumer that gets one before its commit waits for it at the inbox, and finds, after a crash, that it had
 * the event. So each batch is given whole or not at all, and a repeat that begins where the last one ended does the rest.
 */
@Injectable()
export class ReplayEvents {
  constructor(
    private readonly uow: UnitOfWork,
    @Inject(EVENT_TRANSPORT) private readonly transport: EventTransport,
  ) {}

  /**
   * @throws {DomainError} `not_found` for an unknown consumer or event, `bad_request` for types that the consumer does not want;
   *   {ReplayInterrupted} when it ends early.
   */
  async execute(request: ReplayRequest): Promise<ReplayProgress> {
    let search = await this.uow.runAsWorker((tx) => toSearch(tx, request));
    let progress: ReplayProgress = { events: 0, lastEventId: null };
    while (search.after < search.through) {
      const window = await this.tryStep(search, request, progress);
      const { events } = window;
      if (events.length > 0) {
        progress = { events: progress.events + events.length, lastEventId: events.at(-1)?.eventId ?? null };
        request.onProgress?.(progress);
      }
      search = { ...search, after: window.through };
    }
    return progress;
  }

  private async tryStep(search: ReplaySearch, request: ReplayRequest, progress: ReplayProgress): Promise<ReplayWindow> {
    try {
      return await this.uow.runAsWorker((tx) => this.step(tx, search, request));
    } catch (error) {
      throw new ReplayInterrupted(progress, error);
    }
  }

  private async step(tx: WorkerTx, search: ReplaySearch, { force, dryRun }: ReplayRequest): Promise<ReplayWindow> {
    const window = await nextWindow(tx, search);
    const { consumer } = search;
    if (!dryRun && window.events.length > 0) {
      if (force) {
        await forgetHandled(tx, consumer, window.events);
      }
      await this.transport.deliverTo(tx, consumer, window.events);
    }
    return window;
  }
}

async function toSearch(tx: WorkerTx, request: ReplayRequest): Promise<ReplaySearch> {
  const { consumer, from, to, projectId, force, batch = BATCH } = request;
  const types = await wantedTypes(tx, request);
  const range = await findRange(tx, { from, to, projectId });
  return { ...range, consumer, types, projectId: projectId ?? null, force, batch };
}

async function wantedTypes(tx: WorkerTx, { consumer, types }: ReplayRequest): Promise<readonly string[]> {
  const known = await tx.query<{ consumer: string; types: string[] }>({
    text: 'SELECT consumer, types FROM event_consumer ORDER BY consumer',
  });
  const found = known.find((one) => one.consumer === consumer);
  if (!found) {
    const names = known.map((one) => one.consumer).join(', ') || 'none has been started yet';
    throw new DomainError('not_found', `There is no consumer "${consumer}". There are: ${names}.`);
  }
  const unwanted = types?.filter((type) => !found.types.includes(type)) ?? [];
  if (unwanted.length > 0) {
    throw new DomainError(
      'bad_request',
      `${consumer} takes no ${unwanted.join(', ')}. It takes: ${found.types.join(', ')}.`,
    );
  }
  return types ?? found.types;
}
