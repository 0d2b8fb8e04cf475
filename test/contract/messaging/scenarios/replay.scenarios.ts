import { randomUUID } from 'node:crypto';
import { DomainError, TicketReplied, TicketUpdated } from '#contracts';
import { ReplayEvents } from '#messaging';
import type { ReplayProgress, ReplayRequest } from '#messaging';
import { consumerOf, storingEffects } from '#testing';
import type { EventProcess } from '#testing';
import { EVENT_TRANSPORT } from '../../../../libs/messaging/src/transports/event-transport';
import type { EventTransport } from '../../../../libs/messaging/src/transports/event-transport';
import { eventually } from '../../../support/eventually';
import type { TransportHarness } from '../transport-harness';
import { drained, effectsOf, stages } from './stage';
import type { Stage } from './stage';

const QUEUE = 'test.do-it-again';
const OTHER = 'test.stay-calm';
const EVER = { time: new Date(0) };

const again = consumerOf(QUEUE, [TicketUpdated, TicketReplied], storingEffects(QUEUE));
const other = consumerOf(OTHER, [TicketUpdated, TicketReplied], storingEffects(OTHER));

interface History {
  readonly stage: Stage;
  readonly process: EventProcess;
  readonly aggregates: readonly string[];
  /** Of the aggregates, in their order. */
  readonly ids: ReadonlyArray<readonly string[]>;
}

/** Events that were given to one consumer again. */
export function describeReplay(harness: TransportHarness): void {
  const open = stages(harness);

  /** Two aggregates with so many events each, handled by both consumers. */
  async function history(count = 3): Promise<History> {
    const stage = await open();
    const process = await stage.scene.launch({ consumers: [again, other] });
    const aggregates = [randomUUID(), randomUUID()];
    for (let n = 0; n < count; n++) {
      for (const aggregate of aggregates) {
        await stage.scene.append(process, stage.live, aggregate);
      }
    }
    await effectsOf(stage.scene, QUEUE, 2 * count);
    await effectsOf(stage.scene, OTHER, 2 * count);
    await drained(process);
    const ids = await Promise.all(aggregates.map((aggregate) => stage.scene.eventIds(aggregate)));
    return { stage, process, aggregates, ids };
  }

  it('gives a consumer nothing that it has handled', async () => {
    const { stage, process } = await history();
    expect(await replay(process, {})).toEqual({ events: 0, lastEventId: null });
    await drained(process);
    await effectsOf(stage.scene, QUEUE, 6);
  });

  it('with force gives it everything once more, in order of the aggregate, and nothing to the others', async () => {
    const { stage, process, aggregates, ids } = await history();
    const told: number[] = [];
    const replayed = await replay(process, { force: true, batch: 2, onProgress: ({ events }) => told.push(events) });
    expect(replayed).toEqual({ events: 6, lastEventId: ids[1]![2] });
    expect(told).toEqual([2, 4, 6]);
    await drained(process);
    await effectsOf(stage.scene, QUEUE, 12);
    await effectsOf(stage.scene, OTHER, 6);
    for (const [index, aggregate] of aggregates.entries()) {
      const effects = (await stage.scene.effects(QUEUE)).filter((effect) => effect.aggregate_id === aggregate);
      expect(effects.map((effect) => effect.event_id)).toEqual([...ids[index]!, ...ids[index]!]);
    }
  });

  it('gives a new consumer what happened before it was there', async () => {
    const stage = await open();
    const { scene, live } = stage;
    const writer = await scene.launch({ consumers: [other] });
    const aggregate = randomUUID();
    for (let n = 0; n < 3; n++) {
      await scene.append(writer, live, aggregate);
    }
    await effectsOf(scene, OTHER, 3);
    const process = await scene.launch({ consumers: [again] });
    expect(await scene.effects(QUEUE)).toEqual([]);
    expect(await replay(process, { batch: 1 })).toMatchObject({ events: 3 });
    expect(await effectsOf(scene, QUEUE, 3)).toEqual(await scene.eventIds(aggregate));
    await drained(process);
  });

  it('done twice has its effect once', async () => {
    const stage = await open();
    const { scene, live } = stage;
    const writer = await scene.launch({ consumers: [other] });
    await scene.append(writer, live);
    await drained(writer);
    const process = await scene.launch({ consumers: [again] });
    await Promise.all([replay(process, {}), replay(process, {})]);
    await effectsOf(scene, QUEUE, 1);
    await drained(process);
    await replay(process, {});
    await drained(process);
    await effectsOf(scene, QUEUE, 1);
  });

  it('takes an end as it is named: events and positions up to it, times before it', async () => {
    const { stage, process, ids } = await history();
    const { projectId } = stage.live;
    const [first, , , , , last] = await stage.scene.db.sql<{ event_id: string; created_at: Date }>(
      'SELECT event_id, created_at FROM outbox ORDER BY id',
    );
    const count = async (request: Partial<ReplayRequest>) =>
      (await replay(process, { force: true, dryRun: true, ...request })).events;
    expect(await count({})).toBe(6);
    expect(await count({ from: { eventId: ids[0]![1]! } })).toBe(4);
    expect(await count({ from: { eventId: ids[0]![1]! }, to: { eventId: ids[0]![2]! } })).toBe(3);
    expect(await count({ from: { position: 2 }, projectId })).toBe(4);
    expect(await count({ to: { position: 2 }, projectId })).toBe(2);
    expect(await count({ from: { time: last!.created_at } })).toBe(1);
    expect(await count({ to: { time: first!.created_at } })).toBe(0);
    expect(await count({ projectId: stage.test.projectId })).toBe(0);
    expect(await count({ types: ['ticket.replied'] })).toBe(0);
    expect(await count({ types: ['ticket.updated'] })).toBe(6);
    // Nothing of this has happened.
    await drained(process);
    await effectsOf(stage.scene, QUEUE, 6);
  });

  it('leaves what waits or is dead to the ladder and to the operator', async () => {
    const stage = await open();
    const { scene, live } = stage;
    const failing = consumerOf(QUEUE, [TicketUpdated, TicketReplied], async (event) => {
      throw event.type === 'ticket.replied' ? new DomainError('forbidden', 'No.') : new Error('away');
    });
    const process = await scene.launch({ consumers: [failing] });
    await scene.append(process, live);
    await scene.append(process, live, randomUUID(), { definitions: [TicketReplied] });
    await eventuallyHeld(stage, 2);
    expect(await replay(process, { force: true })).toMatchObject({ events: 0 });
  });

  it('refuses what it cannot do, and says what there is', async () => {
    const { process } = await history(1);
    await expect(replay(process, { consumer: 'test.nobody' })).rejects.toThrow(`There are: ${QUEUE}, ${OTHER}.`);
    await expect(replay(process, { types: ['ticket.merged'] })).rejects.toThrow('takes no ticket.merged');
    await expect(replay(process, { from: { eventId: randomUUID() } })).rejects.toThrow('There is no event');
    await expect(replay(process, { from: { position: 1 } })).rejects.toThrow('name the project');
  });

  it('gives a batch whole or not at all, and says where to go on', async () => {
    const { stage, process, ids } = await history(2);
    const transport = process.app.get<EventTransport>(EVENT_TRANSPORT);
    const deliverTo = transport.deliverTo.bind(transport);
    jest
      .spyOn(transport, 'deliverTo')
      .mockImplementationOnce(deliverTo)
      .mockImplementationOnce(async (...batch) => {
        await deliverTo(...batch);
        throw new Error('The process dies here.');
      });
    const lastGiven = ids[1]![0]!;
    await expect(replay(process, { force: true, batch: 2 })).rejects.toThrow(
      `The process dies here. Events given so far: 2. Go on with --from ${lastGiven}.`,
    );
    await drained(process);
    await effectsOf(stage.scene, QUEUE, 4 + 2);
    // The event that is named is given again.
    expect(await replay(process, { force: true, from: { eventId: lastGiven } })).toMatchObject({ events: 3 });
    await drained(process);
    await effectsOf(stage.scene, QUEUE, 4 + 2 + 3);
  });
}

async function replay({ app }: EventProcess, request: Partial<ReplayRequest>): Promise<ReplayProgress> {
  return app.get(ReplayEvents).execute({ consumer: QUEUE, from: EVER, force: false, dryRun: false, ...request });
}

async function eventuallyHeld({ scene }: Stage, count: number): Promise<void> {
  await eventually(async () => {
    expect(await scene.db.sql(`SELECT FROM event_delivery WHERE attempts > 0`)).toHaveLength(count);
  });
}
