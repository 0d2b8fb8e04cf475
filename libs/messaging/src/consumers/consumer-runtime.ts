import { Inject, Injectable } from '@nestjs/common';
import type { EventEnvelope } from '#contracts';
import { faultPoint } from '#database';
import type { ProjectScope, Tx, WorkerTx } from '#database';
import { MESSAGING_SETTINGS } from '../messaging-settings';
import type { MessagingSettings } from '../messaging-settings';
import { runInRequest } from '../request-context/request-context';
import type { Subscription } from '../transports/subscription';
import { assertKnownVersion } from './read-envelope';
import { withinTime } from './within-time';

/** One attempt at an event, as a transport hands it in. */
export interface Attempt {
  readonly event: EventEnvelope;
  /** 1 the first time. */
  readonly attempt: number;
  /** Aborted when the process stops. */
  readonly stopping: AbortSignal;
}

/**
 * How an attempt that did not fail ended: the reaction happened, had happened before, was not wanted (a type that this consumer
 * does not know), or is gone: its project is not there any more, or its test side was emptied.
 */
export type Consumption = 'done' | 'duplicate' | 'ignored' | 'gone';

/** How attempts ended, in the order given, and how long their handlers took. */
export interface Consumed {
  readonly kinds: readonly Consumption[];
  readonly handlersMs: number;
}

/** Events that share a transaction may take no longer than this: a handler that hangs is soon tried alone, where others go on beside it. */
const TOGETHER_MS = 2_000;

interface EntryRow {
  /** Among the given ones, from 1. */
  readonly place: number;
  readonly project_id: string | null;
  readonly live_project_id: string | null;
  readonly clock_offset_ms: number | null;
}

/** Marks events as handled by this consumer, and looks up the projects of those that were not, in one round trip. */
const ENTER = `
  WITH e AS MATERIALIZED (
    SELECT * FROM unnest($3::uuid[], $4::uuid[]) WITH ORDINALITY AS e (event_id, project_id, place)
  ), first AS (
    INSERT INTO inbox (consumer, event_id, processed_at) SELECT $1, event_id, $2 FROM e ORDER BY event_id
    ON CONFLICT DO NOTHING RETURNING event_id
  )
  SELECT e.place::int, p.id AS project_id, p.live_project_id, p.clock_offset_ms
  FROM e JOIN first USING (event_id) LEFT JOIN project p ON p.id = e.project_id`;

/**
 * What happens to events between a transport's claim and its acknowledgement, the same for every transport: the inbox row
 * comes first and commits with the effect, so that a second delivery has none.
 */
@Injectable()
export class ConsumerRuntime {
  constructor(@Inject(MESSAGING_SETTINGS) private readonly settings: MessagingSettings) {}

  /**
   * Makes an attempt at each of these events, which belong to different aggregates, in `tx`, which the transport commits, or rolls
   * back when this throws. Of several events that fail together none counts as tried: each is to be tried alone.
   */
  async consume(tx: WorkerTx, subscription: Subscription, attempts: readonly Attempt[]): Promise<Consumed> {
    const arrivals = attempts.map((attempt) => read(subscription, attempt));
    const wanted = arrivals.filter(({ isWanted }) => isWanted);
    const entries = await this.enter(tx, subscription, wanted);
    const limitMs = this.limitOf(attempts);
    const begun = performance.now();
    const leftMs = (): number => (attempts.length === 1 ? limitMs : begun + limitMs - performance.now());
    const work = wanted.toSorted(inOrderOfLocks).flatMap(({ event, attempt }) => {
      const scope = scopeOf(entries.get(event));
      return scope ? { subscription, event, scope, attempt, leftMs } : [];
    });
    const emptied = await this.handleAll(tx, subscription, work);
    const kinds = arrivals.map(({ event, isWanted }) =>
      !isWanted ? 'ignored' : emptied.has(event) ? 'gone' : endOf(entries.get(event)),
    );
    return { kinds, handlersMs: performance.now() - begun };
  }

  /** Begins with the events in the order given. @returns those that nobody needs to handle any more. */
  private async handleAll(
    tx: WorkerTx,
    { sideBySide = false }: Subscription,
    work: readonly Handling[],
  ): Promise<ReadonlySet<EventEnvelope>> {
    const emptied = new Set<EventEnvelope>();
    const handle = async (handling: Handling): Promise<void> => {
      faultPoint('consumer.beforeHandle');
      if (!(await this.handle(tx, handling))) {
        emptied.add(handling.event);
      }
      faultPoint('consumer.afterHandle');
    };
    if (sideBySide) {
      await Promise.all(work.map(handle));
    } else {
      for (const handling of work) {
        await handle(handling);
      }
    }
    return emptied;
  }

  /** The events that are here for the first time. */
  private async enter(
    tx: WorkerTx,
    { consumer }: Subscription,
    wanted: readonly Arrival[],
  ): Promise<ReadonlyMap<EventEnvelope, EntryRow>> {
    if (wanted.length === 0) {
      return new Map();
    }
    const events = wanted.map(({ event }) => event);
    const [, rows] = await Promise.all([
      // A statement of a handler must not hold up its end when time is up.
      tx.query({ text: `SET LOCAL statement_timeout = ${this.limitOf(wanted)}` }),
      tx.query<EntryRow>({
        name: 'inbox-enter',
        text: ENTER,
        values: [consumer, this.settings.now(), events.map(({ id }) => id), events.map(({ projectid }) => projectid)],
      }),
    ]);
    return new Map(rows.map((row) => [events[row.place - 1] as EventEnvelope, row]));
  }

  private limitOf({ length }: readonly unknown[]): number {
    const { handlerTimeoutMs } = this.settings;
    return length === 1 ? handlerTimeoutMs : Math.min(handlerTimeoutMs, TOGETHER_MS);
  }

  /**
   * What the handler logs and writes carries the id of the request that caused the event, and its trace.
   * @returns false for an event of a test side that was emptied, which nobody needs to handle.
   */
  private async handle(tx: WorkerTx, { subscription, event, scope, attempt, leftMs }: Handling): Promise<boolean> {
    const { requestid: requestId = event.id, traceparent } = event;
    return runInRequest({ requestId, traceparent }, () =>
      tx.asProject(scope, async (inner) => {
        const isThere = !scope.isTest || (await isKept(inner, event));
        if (isThere) {
          await withinTime(leftMs(), attempt.stopping, (signal) =>
            subscription.handle(event, { tx: inner, attempt: attempt.attempt, signal }),
          );
        }
        return isThere;
      }),
    );
  }
}

interface Arrival {
  readonly event: EventEnvelope;
  readonly attempt: Attempt;
  readonly isWanted: boolean;
}

interface Handling {
  readonly subscription: Subscription;
  readonly event: EventEnvelope;
  readonly scope: ProjectScope;
  readonly attempt: Attempt;
  readonly leftMs: () => number;
}

function read(subscription: Subscription, attempt: Attempt): Arrival {
  const { event } = attempt;
  const definition = subscription.events.find(({ type }) => type === event.type);
  if (definition) {
    assertKnownVersion(event, definition);
  }
  return { event, attempt, isWanted: definition !== undefined };
}

/** Asked in the transaction that keeps the side from being emptied: what is there stays until the effect is stored. */
async function isKept(tx: Tx, { id }: EventEnvelope): Promise<boolean> {
  const rows = await tx.query({
    name: 'event-kept',
    text: 'SELECT FROM outbox WHERE project_id = $1 AND event_id = $2',
    values: [tx.scope.projectId, id],
  });
  return rows.length > 0;
}

/** What handlers lock is locked in one order, as everywhere: by projects, then by what the events are about. */
function inOrderOfLocks({ event: a }: Arrival, { event: b }: Arrival): number {
  return compare(a.projectid, b.projectid) || compare(a.subject, b.subject);
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

function endOf(entry: EntryRow | undefined): Consumption {
  return entry === undefined ? 'duplicate' : scopeOf(entry) ? 'done' : 'gone';
}

/** Null for an event that is not here for the first time, or whose project is gone. */
function scopeOf(entry: EntryRow | undefined): ProjectScope | null {
  const projectId = entry?.project_id;
  return entry && projectId
    ? {
        projectId,
        liveProjectId: entry.live_project_id ?? projectId,
        isTest: entry.live_project_id !== null,
        clockOffsetMs: entry.clock_offset_ms ?? 0,
      }
    : null;
}
