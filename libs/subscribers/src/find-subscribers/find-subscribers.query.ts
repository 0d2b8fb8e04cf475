import { Injectable } from '@nestjs/common';
import { DomainError } from '#contracts';
import type { Channel, SubscriberPayload } from '#contracts';
import { UnitOfWork } from '#database';
import type { ProjectScope } from '#database';
import { SUBSCRIBER_PAYLOAD_SQL } from '../subscriber-payload';
import type { SubscriberRow } from '../subscriber-payload';

/** Which subscribers, and from where on. */
export interface SubscriberFilter {
  readonly channel?: Channel;
  readonly limit: number;
  readonly offset: number;
  /** The last subscriber of the page before: its creation time and id. */
  readonly after?: { readonly createdAt: string; readonly id: string };
}

/** One page of subscribers, newest first. */
export interface SubscriberPage {
  readonly subscribers: readonly SubscriberPayload[];
  readonly total?: number;
  readonly hasMore: boolean;
}

/** Reads a project's subscribers. */
@Injectable()
export class FindSubscribers {
  constructor(private readonly uow: UnitOfWork) {}

  /** A page of subscribers, newest first; with `after` there is no total. */
  async find(scope: ProjectScope, filter: SubscriberFilter): Promise<SubscriberPage> {
    const where = 's.project_id = $1 AND ($2::text IS NULL OR s.channel = $2)';
    const channel = filter.channel ?? null;
    return this.uow.run(scope, async (tx) => {
      const counted = filter.after
        ? undefined
        : tx.query<{ n: number }>({
            text: `SELECT count(*)::int AS n FROM subscriber s WHERE ${where}`,
            values: [scope.projectId, channel],
          });
      const page = tx.query<SubscriberRow>({
        text: `SELECT ${SUBSCRIBER_PAYLOAD_SQL} AS subscriber FROM subscriber s
               WHERE ${where} AND ($3::timestamptz IS NULL OR (s.created_at, s.id) < ($3::timestamptz, $4::uuid))
               ORDER BY s.created_at DESC, s.id DESC LIMIT $5 OFFSET $6`,
        values: [
          scope.projectId,
          channel,
          filter.after?.createdAt ?? null,
          filter.after?.id ?? null,
          filter.limit + 1,
          filter.offset,
        ],
      });
      const [total, rows] = await Promise.all([counted, page]);
      return {
        subscribers: rows.slice(0, filter.limit).map((row) => row.subscriber),
        total: total?.[0]?.n,
        hasMore: rows.length > filter.limit,
      };
    });
  }

  /** @throws {DomainError} `subscriber_not_found`. */
  async get(scope: ProjectScope, id: string): Promise<SubscriberPayload> {
    const [row] = await this.uow.read<SubscriberRow>(scope, {
      text: `SELECT ${SUBSCRIBER_PAYLOAD_SQL} AS subscriber FROM subscriber s WHERE s.project_id = $1 AND s.id = $2`,
      values: [scope.projectId, id],
    });
    if (!row) {
      throw new DomainError(
        'subscriber_not_found',
        'There is no subscriber with this id. GET /v1/helpdesk/subscribers lists them.',
      );
    }
    return row.subscriber;
  }
}
