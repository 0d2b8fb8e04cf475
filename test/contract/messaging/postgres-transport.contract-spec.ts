import { DeadDeliveries } from '#messaging';
import { EventScene } from '#testing';
import { describeTransport } from './transport-contract';
import type { TransportHarness, TransportInstallation } from './transport-harness';

const A_DAY_MS = 86_400_000;

const postgres: TransportHarness = {
  sharesWork: true,
  takesAhead: false,
  async open(messaging = {}): Promise<TransportInstallation> {
    const scene = await EventScene.open({ transport: 'postgres', ...messaging });
    const { app } = await scene.launch({ isStarted: false });
    return {
      scene,
      dead: app.get(DeadDeliveries),
      async waiting(consumer, eventId) {
        const [row] = await scene.db.sql<{ attempts: number; next_at: Date }>(
          `SELECT attempts, next_at FROM event_delivery
           WHERE consumer = $1 AND event_id = $2 AND status = 'pending' AND attempts > 0`,
          [consumer, eventId],
        );
        return row ? { attempts: row.attempts, dueInMs: row.next_at.getTime() - scene.now().getTime() } : null;
      },
      async endWaits() {
        scene.advance(A_DAY_MS);
        await scene.db.sql(`SELECT pg_notify('helpdesk_delivery', '')`);
      },
      async deliverAgain(eventId) {
        await scene.db.sql('UPDATE outbox SET published_at = NULL WHERE event_id = $1', [eventId]);
      },
      close: () => scene.close(),
    };
  },
};

describeTransport('Postgres', postgres);
