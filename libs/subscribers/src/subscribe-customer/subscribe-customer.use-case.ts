import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { SubscriptionCreated } from '#contracts';
import type { Actor, Channel, SubscriberPayload } from '#contracts';
import type { Tx } from '#database';
import { Outbox } from '#messaging';
import { SUBSCRIBER_PAYLOAD_SQL } from '../subscriber-payload';

/** A customer as a messenger or an integrator names it. */
export interface CustomerIdentity {
  readonly channel: Channel;
  /** The messenger's chat; null on the virtual channel. */
  readonly chatId: number | null;
  /** The integrator's own id of a virtual customer; null in messengers. */
  readonly externalId: string | null;
  readonly firstName: string | null;
  readonly username: string | null;
}

/** Who caused a subscription, and when. */
export interface SubscriptionCause {
  readonly actor: Actor;
  readonly at: Date;
  readonly requestId?: string;
  /** The trace of that request. */
  readonly traceparent?: string;
}

interface SubscribedRow {
  readonly subscriber: SubscriberPayload;
  readonly event_seq: number;
  readonly newly: boolean;
}

/**
 * Finds or creates the subscriber of a chat and subscribes it; `subscription.created` is appended when it was not subscribed
 * before. The newest names that are not empty are kept.
 */
@Injectable()
export class SubscribeCustomer {
  constructor(private readonly outbox: Outbox) {}

  /** @returns the subscriber, whose row stays locked until the transaction ends. */
  async execute(tx: Tx, customer: CustomerIdentity, cause: SubscriptionCause): Promise<SubscriberPayload> {
    const row = (await this.insert(tx, customer, cause.at)) ?? (await this.refresh(tx, customer, cause.at));
    if (row.newly) {
      await this.outbox.append(tx, [
        {
          definition: SubscriptionCreated,
          aggregateId: row.subscriber.id,
          sequence: row.event_seq,
          occurredAt: cause.at,
          requestId: cause.requestId,
          traceparent: cause.traceparent,
          data: { subscriber: row.subscriber, actor: cause.actor },
        },
      ]);
    }
    return row.subscriber;
  }

  /** Waits for a parallel insert of the same customer, and then inserts nothing. */
  private async insert(tx: Tx, customer: CustomerIdentity, at: Date): Promise<SubscribedRow | undefined> {
    const [row] = await tx.query<SubscribedRow>({
      name: 'subscriber-insert',
      text: `INSERT INTO subscriber AS s
               (project_id, id, channel, chat_id, external_id, first_name, username, event_seq, created_at, subscribed_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8, $8)
             ON CONFLICT DO NOTHING
             RETURNING ${SUBSCRIBER_PAYLOAD_SQL} AS subscriber, s.event_seq, true AS newly`,
      values: [
        tx.scope.projectId,
        uuidv7(),
        customer.channel,
        customer.chatId,
        customer.externalId,
        customer.firstName,
        customer.username,
        at,
      ],
    });
    return row;
  }

  private async refresh(tx: Tx, customer: CustomerIdentity, at: Date): Promise<SubscribedRow> {
    const [row] = await tx.query<SubscribedRow>({
      name: 'subscriber-refresh',
      text: `UPDATE subscriber s SET
               first_name = COALESCE($5, s.first_name), username = COALESCE($6, s.username),
               subscribed_at = COALESCE(s.subscribed_at, $7),
               event_seq = s.event_seq + (s.subscribed_at IS NULL)::int
             FROM (SELECT project_id, id, subscribed_at IS NULL AS newly FROM subscriber
                   WHERE project_id = $1 AND channel = $2 AND (chat_id = $3 OR external_id = $4) FOR UPDATE) found
             WHERE s.project_id = found.project_id AND s.id = found.id
             RETURNING ${SUBSCRIBER_PAYLOAD_SQL} AS subscriber, s.event_seq, found.newly`,
      values: [
        tx.scope.projectId,
        customer.channel,
        customer.chatId,
        customer.externalId,
        customer.firstName,
        customer.username,
        at,
      ],
    });
    if (!row) {
      throw new Error('A subscriber that blocked the insert was not found: subscribers are never deleted beside this.');
    }
    return row;
  }
}
