import { TicketUpdated } from '#contracts';
import { EventPath } from '#messaging';
import type { EventConsumer } from '#messaging';
import { consumerOf, storingEffects } from '#testing';
import { eventually } from '../../../support/eventually';
import type { TransportHarness } from '../transport-harness';
import { drained, effectsOf, gate, stages } from './stage';
import type { Stage } from './stage';

const QUEUE = 'test.catch-up';
const BACKLOG = 60;

/** Well behind the first ones, which are handled alone. */
const IN_A_BATCH = 40;

/** Events that wait for a consumer when it starts, and share its transactions. */
export function describeBatches(harness: TransportHarness): void {
  describe.each([
    ['one after the other', false],
    ['side by side', true],
  ])('with handlers %s', (_how, sideBySide) => describeBatchesOf(harness, sideBySide));
}

function describeBatchesOf(harness: TransportHarness, sideBySide: boolean): void {
  const open = stages(harness);
  const consumer = (handle: EventConsumer['handle']) =>
    consumerOf(QUEUE, [TicketUpdated], storingEffects(QUEUE, handle), { sideBySide });

  it('handles what waits in fewer transactions than events, each event once and bound to its project', async () => {
    const stage = await open();
    const { scene } = stage;
    const ids = await backlog(stage);
    const process = await scene.launch({ consumers: [consumer(async () => undefined)] });
    await drained(process);
    expect((await effectsOf(scene, QUEUE, BACKLOG)).toSorted()).toEqual(ids.toSorted());
    const [foreign] = await scene.db.sql<{ count: number }>(
      'SELECT count(*)::int AS count FROM test_effect t JOIN outbox o USING (event_id) WHERE t.project_id <> o.project_id',
    );
    expect(foreign).toEqual({ count: 0 });
    const [transactions] = await scene.db.sql<{ count: number }>(
      'SELECT count(DISTINCT xmin::text)::int AS count FROM inbox',
    );
    expect(transactions?.count).toBeLessThan(BACKLOG);
  });

  it(`begins with ${sideBySide ? 'the next event of a transaction while' : 'no other event of a transaction until'} one is handled`, async () => {
    const stage = await open();
    await backlog(stage);
    const running = new Map<number, number>();
    let most = 0;
    const handle: EventConsumer['handle'] = async (_event, { tx }) => {
      const [row] = await tx.query<{ pid: number }>({ text: 'SELECT pg_backend_pid() AS pid' });
      const pid = row?.pid ?? 0;
      const count = (running.get(pid) ?? 0) + 1;
      running.set(pid, count);
      most = Math.max(most, count);
      await tx.query({ text: 'SELECT' });
      running.set(pid, count - 1);
    };
    await drained(await stage.scene.launch({ consumers: [consumer(handle)] }));
    expect(most > 1).toBe(sideBySide);
  });

  it('takes everything back when one of them fails, which then alone has an attempt against it', async () => {
    const stage = await open();
    const { scene } = stage;
    const ids = await backlog(stage);
    const failing = ids[IN_A_BATCH]!;
    const [attempts, committed] = [new Set<string>(), [] as string[]];
    const handle: EventConsumer['handle'] = async (event, { tx, attempt }) => {
      attempts.add(`${attempt} ${event.id}`);
      tx.afterCommit(() => committed.push(event.id));
      if (event.id === failing && attempt === 1) {
        throw new Error('not yet');
      }
    };
    const process = await scene.launch({ consumers: [consumer(handle)] });
    await eventually(async () => expect(await stage.waiting(QUEUE, failing)).toMatchObject({ attempts: 1 }));
    const others = ids.filter((id) => id !== failing);
    expect((await effectsOf(scene, QUEUE, BACKLOG - 1)).toSorted()).toEqual(others.toSorted());
    await stage.endWaits();
    await drained(process);
    expect((await effectsOf(scene, QUEUE, BACKLOG)).at(-1)).toBe(failing);
    expect(committed.toSorted()).toEqual(ids.toSorted());
    expect([...attempts].toSorted()).toEqual([...ids.map((id) => `1 ${id}`), `2 ${failing}`].toSorted());
  });

  it('lets none of them wait for one that hangs', async () => {
    const stage = await open({ handlerTimeoutMs: 600_000 });
    const { scene } = stage;
    const ids = await backlog(stage);
    const hanging = ids[IN_A_BATCH]!;
    const mayEnd = gate();
    const process = await scene.launch({
      consumers: [consumer((event) => (event.id === hanging ? mayEnd.passed : Promise.resolve()))],
    });
    const others = ids.filter((id) => id !== hanging);
    expect((await effectsOf(scene, QUEUE, BACKLOG - 1)).toSorted()).toEqual(others.toSorted());
    mayEnd.open();
    await drained(process);
    expect((await effectsOf(scene, QUEUE, BACKLOG)).toSorted()).toEqual(ids.toSorted());
  });
}

/** Lets events of two projects, each about something else, wait for the consumer; answers their ids, in their order. */
async function backlog({ scene, live, test }: Stage): Promise<string[]> {
  await (await scene.launch({ consumers: [consumerOf(QUEUE, [TicketUpdated], storingEffects(QUEUE))] })).stop();
  const writer = await scene.launch();
  for (let n = 0; n < BACKLOG; n++) {
    await scene.append(writer, n % 2 === 0 ? live : test);
  }
  await eventually(async () => expect(await writer.app.get(EventPath).status()).toMatchObject({ unpublished: 0 }));
  const rows = await scene.db.sql<{ event_id: string }>('SELECT event_id FROM outbox ORDER BY id');
  return rows.map(({ event_id }) => event_id);
}
