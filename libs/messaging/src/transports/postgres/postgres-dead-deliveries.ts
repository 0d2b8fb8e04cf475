import { Inject, Injectable } from '@nestjs/common';
import { UnitOfWork } from '#database';
import type { WorkerTx } from '#database';
import { isUuid } from '../../consumers/is-uuid';
import { DeadDeliveries } from '../../dead/dead-deliveries';
import type { DeadDelivery, DeadDeliveryDetails, DeadListRequest } from '../../dead/dead-deliveries';
import { readDeadBody } from '../../dead/read-dead-body';
import { MESSAGING_SETTINGS } from '../../messaging-settings';
import type { MessagingSettings } from '../../messaging-settings';
import { DELIVERY_CHANNEL } from './deliveries';

interface DeadRow {
  readonly consumer: string;
  readonly event_id: string;
  readonly type: string;
  readonly project_id: string;
  readonly aggregate_id: string;
  readonly attempts: number;
  readonly last_error: string;
  readonly body: string;
}

const DEAD = `SELECT d.consumer, d.event_id, o.type, d.project_id, d.aggregate_id, d.attempts, d.last_error, o.body
  FROM event_delivery d JOIN outbox o ON o.id = d.outbox_id WHERE d.status = 'dead'`;

/** The dead list as rows of the database. */
@Injectable()
export class PostgresDeadDeliveries extends DeadDeliveries {
  constructor(
    private readonly uow: UnitOfWork,
    @Inject(MESSAGING_SETTINGS) private readonly settings: MessagingSettings,
  ) {
    super();
  }

  async list({ consumer, limit }: DeadListRequest): Promise<readonly DeadDelivery[]> {
    const rows = await this.uow.runAsWorker((tx) =>
      tx.query<DeadRow>({
        text: `${DEAD} AND ($1::text IS NULL OR d.consumer = $1) ORDER BY d.outbox_id, d.consumer LIMIT $2`,
        values: [consumer ?? null, limit],
      }),
    );
    return rows.map(toDelivery);
  }

  async show(consumer: string, eventId: string): Promise<DeadDeliveryDetails | null> {
    if (!isUuid(eventId)) {
      // An operator's typing mistake is an event that does not exist.
      return null;
    }
    const [row] = await this.uow.runAsWorker((tx) =>
      tx.query<DeadRow>({ text: `${DEAD} AND d.consumer = $1 AND o.event_id = $2`, values: [consumer, eventId] }),
    );
    return row ? { ...toDelivery(row), event: readDeadBody(row.body) } : null;
  }

  async redrive(consumer: string, eventId: string): Promise<boolean> {
    return this.uow.runAsWorker(async (tx) => {
      const isRedriven = await change(tx, REDRIVE, { consumer, eventId }, [this.settings.now()]);
      if (isRedriven) {
        await tx.query({ text: 'SELECT pg_notify($1, $2)', values: [DELIVERY_CHANNEL, consumer] });
      }
      return isRedriven;
    });
  }

  async discard(consumer: string, eventId: string): Promise<boolean> {
    return this.uow.runAsWorker((tx) => change(tx, DISCARD, { consumer, eventId }));
  }
}

const OF_EVENT = `d.consumer = $1 AND d.status = 'dead' AND d.outbox_id = (SELECT id FROM outbox WHERE event_id = $2)`;
const REDRIVE = `UPDATE event_delivery d SET status = 'pending', attempts = 0, next_at = $3 WHERE ${OF_EVENT} RETURNING true`;
const DISCARD = `DELETE FROM event_delivery d WHERE ${OF_EVENT} RETURNING true`;

async function change(
  tx: WorkerTx,
  text: string,
  { consumer, eventId }: Pick<DeadDelivery, 'consumer' | 'eventId'>,
  more: readonly unknown[] = [],
): Promise<boolean> {
  return isUuid(eventId) && (await tx.query({ text, values: [consumer, eventId, ...more] })).length > 0;
}

function toDelivery(row: DeadRow): DeadDelivery {
  return {
    consumer: row.consumer,
    eventId: row.event_id,
    type: row.type,
    projectId: row.project_id,
    aggregateId: row.aggregate_id,
    attempts: row.attempts,
    reason: row.last_error,
  };
}
