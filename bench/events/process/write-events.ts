import { randomUUID } from 'node:crypto';
import type { INestApplicationContext } from '@nestjs/common';
import { TicketUpdated } from '#contracts';
import { UnitOfWork } from '#database';
import { Outbox } from '#messaging';
import { openLoop } from '../../loader/loops';
import { machineTime } from './messages';
import type { Moment, Reply } from './messages';

/** Tickets that are written to in turn, so that one commit hardly ever waits for another one of its ticket. */
const TICKETS = 1_000;
const CONNECTIONS = 12;

const NEXT_SEQUENCE = {
  name: 'bench-sequence',
  text: `INSERT INTO bench_ticket AS t (project_id, id, seq) VALUES ($1, $2, 1)
         ON CONFLICT (project_id, id) DO UPDATE SET seq = t.seq + 1 RETURNING seq`,
} as const;

/** Commits events at a fixed rate as use cases do: under the lock of what they are about, through the outbox. */
export async function writeEvents(
  app: INestApplicationContext,
  {
    rate,
    seconds,
    projectIds,
  }: { readonly rate: number; readonly seconds: number; readonly projectIds: readonly string[] },
): Promise<Extract<Reply, { readonly kind: 'written' }>> {
  const [uow, outbox] = [app.get(UnitOfWork, { strict: false }), app.get(Outbox, { strict: false })];
  const tickets = Array.from({ length: TICKETS }, () => randomUUID());
  const commits: Moment[] = [];
  let count = 0;
  const write = async (): Promise<boolean> => {
    const index = count++ % TICKETS;
    const [aggregateId = '', projectId = ''] = [tickets[index], projectIds[index % projectIds.length]];
    const sequence = await uow.run(
      { projectId, liveProjectId: projectId, isTest: false, clockOffsetMs: 0 },
      async (tx) => {
        const [row] = await tx.query<{ seq: number }>({ ...NEXT_SEQUENCE, values: [projectId, aggregateId] });
        const event = {
          definition: TicketUpdated,
          aggregateId,
          sequence: row?.seq ?? 0,
          occurredAt: new Date(),
          data: TicketUpdated.example,
        };
        await outbox.appendAndCommit(tx, [event]);
        return event.sequence;
      },
    );
    commits.push({ key: `${aggregateId} ${sequence}`, at: machineTime() });
    return true;
  };
  const took = await openLoop(Array<typeof write>(CONNECTIONS).fill(write), { rate, seconds });
  return { kind: 'written', commits, took };
}
