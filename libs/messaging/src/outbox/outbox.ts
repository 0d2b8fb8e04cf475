import { Injectable } from '@nestjs/common';
import type { DomainEvent } from '#contracts';
import { faultPoint } from '#database';
import type { Statement, Tx } from '#database';
import { RelaySignal } from '../relay/relay-signal';
import { toEnvelope } from './event-envelope';

/**
 * The one place that writes events: in the transaction of the change that they tell of, so that neither exists without the
 * other. The caller holds the row lock of the event's aggregate and has counted `sequence` under it; an ordering mistake would
 * repeat a sequence, which the table refuses.
 */
@Injectable()
export class Outbox {
  constructor(private readonly relay: RelaySignal) {}

  /** Appends events; they become visible with the transaction. */
  async append(tx: Tx, events: readonly DomainEvent[]): Promise<void> {
    if (events.length > 0) {
      this.relayAfterCommit(tx);
      await tx.query(insertStatement(tx, events));
      faultPoint('outbox.afterAppend');
    }
  }

  /** Like {@link append}, with the commit in the same round trip. Without events nothing is sent, and the commit is left to the unit of work. */
  async appendAndCommit(tx: Tx, events: readonly DomainEvent[]): Promise<void> {
    if (events.length > 0) {
      this.relayAfterCommit(tx);
      await tx.queryAndCommit(insertStatement(tx, events));
    }
  }

  private relayAfterCommit(tx: Tx): void {
    faultPoint('outbox.beforeAppend');
    tx.afterCommit(() => {
      faultPoint('outbox.afterCommit');
      this.relay.raise();
    });
  }
}

function insertStatement(tx: Tx, events: readonly DomainEvent[]): Statement {
  const envelopes = events.map((event) => toEnvelope(tx.scope.projectId, event));
  return {
    name: 'outbox-append',
    text: `INSERT INTO outbox (event_id, project_id, type, aggregate_id, aggregate_seq, body, request_id, traceparent, created_at)
           SELECT e.event_id, $1, e.type, e.aggregate_id, e.aggregate_seq, e.body, e.request_id, e.traceparent, e.created_at
           FROM unnest($2::uuid[], $3::text[], $4::uuid[], $5::int[], $6::text[], $7::text[], $8::text[], $9::timestamptz[])
             WITH ORDINALITY AS e (event_id, type, aggregate_id, aggregate_seq, body, request_id, traceparent, created_at, place)
           ORDER BY e.place`,
    values: [
      tx.scope.projectId,
      envelopes.map(({ id }) => id),
      envelopes.map(({ type }) => type),
      envelopes.map(({ subject }) => subject),
      envelopes.map(({ sequence }) => sequence),
      envelopes.map((envelope) => JSON.stringify(envelope)),
      envelopes.map(({ requestid }) => requestid ?? null),
      envelopes.map(({ traceparent }) => traceparent ?? null),
      envelopes.map(({ time }) => time),
    ],
  };
}
