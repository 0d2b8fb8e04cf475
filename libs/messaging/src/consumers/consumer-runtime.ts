import { Inject, Injectable } from '@nestjs/common';
import type { EventEnvelope } from '#contracts';
import { faultPoint } from '#database';
import type { ProjectScope, WorkerTx } from '#database';
import { MESSAGING_SETTINGS } from '../messaging-settings';
import type { MessagingSettings } from '../messaging-settings';
import { runInRequest } from '../request-context/request-context';
import type { Subscription } from '../transports/subscription';
import { assertKnownVersion, readEnvelope } from './read-envelope';
import { withinTime } from './within-time';

/** One attempt at an event, as a transport hands it in. */
export interface Attempt {
  /** The CloudEvents JSON. */
  readonly body: string;
  /** 1 the first time. */
  readonly attempt: number;
  /** Aborted when the process stops. */
  readonly stopping: AbortSignal;
}

/**
 * How an attempt that did not fail ended: the reaction happened, had happened before, was not wanted (a type that this consumer
 * does not know), or had no project any more.
 */
export type Consumption = 'done' | 'duplicate' | 'ignored' | 'gone';

interface EntryRow {
  readonly first: boolean;
  readonly project_id: string | null;
  readonly live_project_id: string | null;
  readonly clock_offset_ms: number | null;
}

/** Marks the event as handled by this consumer, and looks up its project, in one round trip. */
const ENTER = `
  WITH first AS (
    INSERT INTO inbox (consumer, event_id, processed_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING true
  )
  SELECT EXISTS (SELECT FROM first) AS first, p.id AS project_id, p.live_project_id, p.clock_offset_ms
  FROM (VALUES ($4::uuid)) AS e (project_id) LEFT JOIN project p ON p.id = e.project_id`;

/**
 * What happens to an event between a transport's claim and its acknowledgement, the same for every transport: the inbox row
 * comes first and commits with the effect, so that a second delivery has none.
 */
@Injectable()
export class ConsumerRuntime {
  constructor(@Inject(MESSAGING_SETTINGS) private readonly settings: MessagingSettings) {}

  /** Makes one attempt in `tx`, which the transport commits, or rolls back when this throws. */
  async consume(tx: WorkerTx, subscription: Subscription, attempt: Attempt): Promise<Consumption> {
    const event = readEnvelope(attempt.body);
    const definition = subscription.events.find(({ type }) => type === event.type);
    if (!definition) {
      return 'ignored';
    }
    assertKnownVersion(event, definition);
    const [entry] = await this.enter(tx, subscription, event);
    if (!entry?.first) {
      return 'duplicate';
    }
    const scope = scopeOf(entry);
    if (!scope) {
      return 'gone';
    }
    faultPoint('consumer.beforeHandle');
    await this.handle(tx, { subscription, event, scope, attempt });
    faultPoint('consumer.afterHandle');
    return 'done';
  }

  private async enter(tx: WorkerTx, { consumer }: Subscription, event: EventEnvelope): Promise<EntryRow[]> {
    const [, rows] = await Promise.all([
      // A statement of the handler must not hold up its end when time is up.
      tx.query({ text: `SET LOCAL statement_timeout = ${this.settings.handlerTimeoutMs}` }),
      tx.query<EntryRow>({
        name: 'inbox-enter',
        text: ENTER,
        values: [consumer, event.id, this.settings.now(), event.projectid],
      }),
    ]);
    return rows;
  }

  /** What the handler logs and writes carries the id of the request that caused the event, and its trace. */
  private async handle(tx: WorkerTx, { subscription, event, scope, attempt }: Handling): Promise<void> {
    const { requestid: requestId = event.id, traceparent } = event;
    await runInRequest({ requestId, traceparent }, () =>
      tx.asProject(scope, (inner) =>
        withinTime(this.settings.handlerTimeoutMs, attempt.stopping, (signal) =>
          subscription.handle(event, { tx: inner, attempt: attempt.attempt, signal }),
        ),
      ),
    );
  }
}

interface Handling {
  readonly subscription: Subscription;
  readonly event: EventEnvelope;
  readonly scope: ProjectScope;
  readonly attempt: Attempt;
}

function scopeOf({ project_id, live_project_id, clock_offset_ms }: EntryRow): ProjectScope | null {
  return project_id === null
    ? null
    : {
        projectId: project_id,
        liveProjectId: live_project_id ?? project_id,
        isTest: live_project_id !== null,
        clockOffsetMs: clock_offset_ms ?? 0,
      };
}
