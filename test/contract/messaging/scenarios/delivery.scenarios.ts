import { randomUUID } from 'node:crypto';
import { TicketCreated, TicketReplied, TicketUpdated } from '#contracts';
import { consumerOf, storingEffects } from '#testing';
import type { EventProcess, EventScene } from '#testing';
import type { TransportHarness } from '../transport-harness';
import { drained, effectsOf, gate, stages } from './stage';

const QUEUE = 'test.record-events';
const EVERYTHING = [TicketCreated, TicketReplied, TicketUpdated];
const recorder = consumerOf(QUEUE, EVERYTHING, storingEffects(QUEUE));

/** Which events reach whom, how often and in which order. */
export function describeDelivery(harness: TransportHarness): void {
  const open = stages(harness);

  it('delivers everything that was committed and nothing that was rolled back', async () => {
    const { scene, live } = await open();
    const process = await scene.launch({ consumers: [recorder] });
    const aggregate = randomUUID();
    for (let n = 0; n < 10; n++) {
      await scene.append(process, live, aggregate);
      const rolledBack = scene.append(process, live, aggregate, {
        beforeCommit: () => Promise.reject(new Error('no')),
      });
      await expect(rolledBack).rejects.toThrow('no');
    }
    await scene.append(process, live, aggregate, { definitions: EVERYTHING });
    await drained(process);
    expect(await effectsOf(scene, QUEUE, 13)).toEqual(await scene.eventIds(aggregate));
  });

  it('delivers an event that is committed after later ones', async () => {
    const { scene, live } = await open();
    const process = await scene.launch({ consumers: [recorder] });
    const [early, late] = [randomUUID(), randomUUID()];
    const appended = gate();
    const othersAreDone = gate();
    const slow = scene.append(process, live, early, {
      beforeCommit: () => {
        appended.open();
        return othersAreDone.passed;
      },
    });
    await appended.passed;
    await scene.append(process, live, late);
    await effectsOf(scene, QUEUE, 1);
    othersAreDone.open();
    await slow;
    expect(await effectsOf(scene, QUEUE, 2)).toEqual([
      ...(await scene.eventIds(late)),
      ...(await scene.eventIds(early)),
    ]);
  });

  it('keeps the order of each aggregate, however many writers commit at once and roll back in between', async () => {
    const { scene, live } = await open();
    const processes = [await scene.launch({ consumers: [recorder] }), await scene.launch({ consumers: [recorder] })];
    const aggregates = Array.from({ length: 6 }, () => randomUUID());
    await Promise.all(
      Array.from({ length: 24 }, (_, writer) => writeMany(scene, processes[writer % 2]!, live, aggregates, writer)),
    );
    await Promise.all(processes.map(drained));
    const effects = await scene.effects(QUEUE);
    for (const aggregate of aggregates) {
      const ids = effects.filter((effect) => effect.aggregate_id === aggregate).map((effect) => effect.event_id);
      expect(ids).toEqual(await scene.eventIds(aggregate));
    }
    expect(effects).toHaveLength(24 * 8);
  });

  it('gives each consumer all events of its types, and only those', async () => {
    const { scene, live } = await open();
    const [replies, rest] = ['test.count-replies', 'test.notice-openings'];
    const process = await scene.launch({
      consumers: [
        recorder,
        consumerOf(replies, [TicketReplied], storingEffects(replies)),
        consumerOf(rest, [TicketCreated, TicketUpdated], storingEffects(rest)),
      ],
    });
    const aggregate = randomUUID();
    await scene.append(process, live, aggregate, { definitions: EVERYTHING });
    await scene.append(process, live, aggregate, { definitions: [TicketReplied] });
    await drained(process);
    const [created, replied, updated, repliedAgain] = await scene.eventIds(aggregate);
    expect(await effectsOf(scene, QUEUE, 4)).toEqual([created, replied, updated, repliedAgain]);
    expect(await effectsOf(scene, replies, 2)).toEqual([replied, repliedAgain]);
    expect(await effectsOf(scene, rest, 2)).toEqual([created, updated]);
  });

  it('lets several processes share a consumer: each event is handled once, by one of them', async () => {
    const { scene, live } = await open();
    const bothAtWork = gate();
    const workers = new Set<string>();
    const sharing = (name: string) =>
      consumerOf(QUEUE, EVERYTHING, (event, context) => {
        workers.add(name);
        if (workers.size === 2 || !harness.sharesWork) {
          bothAtWork.open();
        }
        // Where both work, whoever comes first waits with his event until the other one has got some as well.
        return bothAtWork.passed.then(() => storingEffects(QUEUE)(event, context));
      });
    const processes = await Promise.all(
      ['first', 'second'].map((name) => scene.launch({ consumers: [sharing(name)] })),
    );
    for (let n = 0; n < 30; n++) {
      await scene.append(processes[n % 2]!, live);
    }
    await Promise.all(processes.map(drained));
    expect(new Set(await effectsOf(scene, QUEUE, 30)).size).toBe(30);
    expect(workers.size).toBe(harness.sharesWork ? 2 : 1);
  });

  it('delivers to a consumer in one process what another one has written and relayed', async () => {
    const { scene, live } = await open();
    await scene.launch({ consumers: [recorder] });
    const writer = await scene.launch();
    const aggregate = randomUUID();
    await scene.append(writer, live, aggregate, { definitions: EVERYTHING });
    expect(await effectsOf(scene, QUEUE, 3)).toEqual(await scene.eventIds(aggregate));
  });

  it('does an event that is delivered again no second time', async () => {
    const { scene, live, deliverAgain } = await open();
    const process = await scene.launch({ consumers: [recorder] });
    const aggregate = randomUUID();
    await scene.append(process, live, aggregate, { definitions: EVERYTHING });
    await effectsOf(scene, QUEUE, 3);
    const ids = await scene.eventIds(aggregate);
    for (const id of ids) {
      await deliverAgain(id);
    }
    await drained(process);
    expect(await effectsOf(scene, QUEUE, 3)).toEqual(ids);
  });
}

async function writeMany(
  scene: EventScene,
  process: EventProcess,
  scope: Parameters<EventScene['append']>[1],
  aggregates: readonly string[],
  writer: number,
): Promise<void> {
  for (let n = 0; n < 8; n++) {
    const aggregate = aggregates[(writer * 5 + n) % aggregates.length];
    const refused = (writer + n) % 3 === 0;
    if (refused) {
      const rolledBack = scene.append(process, scope, aggregate, {
        beforeCommit: () => Promise.reject(new Error('no')),
      });
      await rolledBack.catch(() => undefined);
    }
    await scene.append(process, scope, aggregate);
  }
}
