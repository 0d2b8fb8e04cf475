import { randomUUID } from 'node:crypto';
import { TicketUpdated } from '#contracts';
import { EventPath } from '#messaging';
import { consumerOf, storingEffects } from '#testing';
import { eventually } from '../../../support/eventually';
import type { TransportHarness } from '../transport-harness';
import { drained, effectsOf, gate, stages } from './stage';

const QUEUE = 'test.work-on';
const recorder = consumerOf(QUEUE, [TicketUpdated], storingEffects(QUEUE));

/** Processes that come and go. */
export function describeLifecycle(harness: TransportHarness): void {
  const open = stages(harness);

  it('cuts no handler off when the process stops, and takes up nothing new', async () => {
    const { scene, live } = await open();
    const [started, mayEnd] = [gate(), gate()];
    const aggregate = randomUUID();
    const seen: boolean[] = [];
    const handle = storingEffects(QUEUE, async (_event, { signal }) => {
      started.open();
      await mayEnd.passed;
      seen.push(signal.aborted);
    });
    const process = await scene.launch({ consumers: [consumerOf(QUEUE, [TicketUpdated], handle)] });
    await scene.append(process, live, aggregate);
    await scene.append(process, live, aggregate);
    await started.passed;
    const end = { isStopped: false };
    const stopping = process.stop().then(() => (end.isStopped = true));
    await scene.append(await scene.launch(), live, aggregate);
    expect(end.isStopped).toBe(false);
    mayEnd.open();
    await stopping;
    const handled = harness.takesAhead ? seen.length : 1;
    expect(await effectsOf(scene, QUEUE, handled)).toEqual((await scene.eventIds(aggregate)).slice(0, handled));
    // The handlers were told, and could have given up a wait.
    expect(seen).toEqual(Array<boolean>(handled).fill(true));
  });

  it('goes on in another process that runs the consumer when one stops', async () => {
    const { scene, live } = await open();
    const processes = [await scene.launch({ consumers: [recorder] }), await scene.launch({ consumers: [recorder] })];
    const aggregate = randomUUID();
    for (const process of processes) {
      for (let n = 0; n < 5; n++) {
        await scene.append(process, live, aggregate);
      }
      await effectsOf(scene, QUEUE, (await scene.eventIds(aggregate)).length);
      await process.stop();
    }
    expect(await effectsOf(scene, QUEUE, 10)).toEqual(await scene.eventIds(aggregate));
  });

  it('keeps the order when a process stops while it works on an event, and another one runs the consumer', async () => {
    const { scene, live } = await open();
    const [started, mayEnd] = [gate(), gate()];
    const workers: string[] = [];
    const working = (name: string) =>
      consumerOf(QUEUE, [TicketUpdated], async (event, context) => {
        workers.push(name);
        started.open();
        await mayEnd.passed;
        await storingEffects(QUEUE)(event, context);
      });
    const names = ['one', 'other'];
    const processes = await Promise.all(names.map((name) => scene.launch({ consumers: [working(name)] })));
    const aggregate = randomUUID();
    await scene.append(processes[0]!, live, aggregate);
    await started.passed;
    const busy = names.indexOf(workers[0]!);
    const stopping = processes[busy]!.stop();
    for (let n = 0; n < 5; n++) {
      await scene.append(processes[1 - busy]!, live, aggregate);
    }
    mayEnd.open();
    await stopping;
    expect(await effectsOf(scene, QUEUE, 6)).toEqual(await scene.eventIds(aggregate));
  });

  it('counts no attempt of a handler that gives up because the process stops', async () => {
    const { scene, live, waiting } = await open();
    const started = gate();
    const process = await scene.launch({
      consumers: [
        consumerOf(QUEUE, [TicketUpdated], async (_event, { signal }) => {
          started.open();
          await new Promise<void>((_resolve, reject) => {
            signal.addEventListener('abort', () => reject(signal.reason as Error));
          });
        }),
      ],
    });
    const aggregate = randomUUID();
    await scene.append(process, live, aggregate);
    await started.passed;
    await process.stop();
    const [id] = await scene.eventIds(aggregate);
    expect(await waiting(QUEUE, id!)).toBeNull();
    const attempts: number[] = [];
    await scene.launch({
      consumers: [consumerOf(QUEUE, [TicketUpdated], async (_event, { attempt }) => void attempts.push(attempt))],
    });
    await eventually(() => expect(attempts).toEqual([1]));
  });

  it('keeps for a consumer what happens while none of its processes runs, in order', async () => {
    const { scene, live } = await open();
    await (await scene.launch({ consumers: [recorder] })).stop();
    const writer = await scene.launch();
    const aggregate = randomUUID();
    for (let n = 0; n < 5; n++) {
      await scene.append(writer, live, aggregate);
    }
    await eventually(async () => {
      const status = await writer.app.get(EventPath).status();
      expect(status).toMatchObject({ unpublished: 0, consumers: [{ consumer: QUEUE, pending: 5, dead: 0 }] });
    });
    await scene.launch({ consumers: [recorder] });
    expect(await effectsOf(scene, QUEUE, 5)).toEqual(await scene.eventIds(aggregate));
  });

  it('goes on behind a process that stopped while events were under way', async () => {
    const { scene, live } = await open();
    const first = await scene.launch({ consumers: [recorder] });
    const aggregate = randomUUID();
    const writing = Array.from({ length: 40 }, () => scene.append(first, live, aggregate));
    await Promise.any(writing);
    await Promise.all([first.app.get(EventPath).stop(), ...writing]);
    const second = await scene.launch({ consumers: [recorder] });
    await drained(second);
    expect(await effectsOf(scene, QUEUE, 40)).toEqual(await scene.eventIds(aggregate));
  });

  it('relays what was written while no process relayed, and says how much that is', async () => {
    const { scene, live } = await open();
    await (await scene.launch({ consumers: [recorder] })).stop();
    const writer = await scene.launch({ isStarted: false });
    const aggregate = randomUUID();
    await scene.append(writer, live, aggregate);
    await scene.append(writer, live, aggregate);
    const status = await writer.app.get(EventPath).status();
    expect(status).toMatchObject({ unpublished: 2, consumers: [{ consumer: QUEUE, pending: 0, dead: 0 }] });
    expect(status.oldestUnpublishedSeconds).toBeGreaterThan(0);
    await writer.app.get(EventPath).start();
    await scene.launch({ consumers: [recorder] });
    expect(await effectsOf(scene, QUEUE, 2)).toEqual(await scene.eventIds(aggregate));
    expect(await writer.app.get(EventPath).status()).toMatchObject({ oldestUnpublishedSeconds: 0, unpublished: 0 });
  });

  it('stops without having been started', async () => {
    const { scene } = await open();
    const process = await scene.launch({ consumers: [recorder], isStarted: false });
    await expect(process.stop()).resolves.toBeUndefined();
  });
}
