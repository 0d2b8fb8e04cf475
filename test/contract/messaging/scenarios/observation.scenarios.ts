import { randomUUID } from 'node:crypto';
import { DomainError, TicketUpdated } from '#contracts';
import { EventPath, NO_OBSERVER } from '#messaging';
import type { EventObserver } from '#messaging';
import { consumerOf, storingEffects } from '#testing';
import type { EventProcess } from '#testing';
import { eventually } from '../../../support/eventually';
import type { TransportHarness } from '../transport-harness';
import { drained, stages } from './stage';

const QUEUE = 'test.count-me';
const A_MINUTE_MS = 60_000;

/** Keeps what it is told. */
function recorder() {
  const told = { results: [] as string[], published: 0, failures: [] as string[], passes: new Set<string>() };
  const observer: EventObserver = {
    consumed: ({ consumer, attempt }, { kind }) => told.results.push(`${consumer} ${attempt} ${kind}`),
    published: (events) => (told.published += events),
    publishFailed: (failure) => told.failures.push(failure),
    relayPassed: (duty, pass) => told.passes.add(`${duty} ${pass}`),
  };
  return { told, observer };
}

/** A consumer that fails at first with `error`, and then no more. */
const failingOnce = (error: Error) =>
  consumerOf(
    QUEUE,
    [TicketUpdated],
    storingEffects(QUEUE, async (_event, { attempt }) => {
      if (attempt === 1) {
        throw error;
      }
    }),
  );

const statusOf = async ({ app }: EventProcess) => (await app.get(EventPath).status()).consumers?.[0];

/** What an operator gets to see. */
export function describeObservation(harness: TransportHarness): void {
  const open = stages(harness);

  it('tells an observer of each attempt, of what was published and of the passes of the relay', async () => {
    const { told, observer } = recorder();
    const stage = await open({ observer });
    const { scene, live } = stage;
    const aggregate = randomUUID();
    const process = await scene.launch({ consumers: [failingOnce(new Error('the service is away'))] });
    await scene.append(process, live, aggregate);
    await eventually(() => expect(told.results).toEqual([`${QUEUE} 1 retry`]));
    await stage.endWaits();
    await eventually(() => expect(told.results).toEqual([`${QUEUE} 1 retry`, `${QUEUE} 2 done`]));
    const [id] = await scene.eventIds(aggregate);
    await stage.deliverAgain(id!);
    await eventually(() => expect(told.results.at(-1)).toBe(`${QUEUE} 1 duplicate`));
    expect(told.published).toBe(2);
    expect(told.failures).toEqual([]);
    expect([...told.passes]).toEqual(expect.arrayContaining(['positions done', 'delivery done']));
  });

  it('tells an observer that an event died', async () => {
    const { told, observer } = recorder();
    const { scene, live } = await open({ observer });
    const process = await scene.launch({ consumers: [failingOnce(new DomainError('forbidden', 'No.'))] });
    await scene.append(process, live);
    await eventually(() => expect(told.results).toEqual([`${QUEUE} 1 dead`]));
  });

  it('says what waits for a consumer, for how long, on which rung, and what is dead', async () => {
    const { scene, live } = await open();
    await (await scene.launch({ consumers: [failingOnce(new Error('away'))] })).stop();
    const writer = await scene.launch();
    expect(await statusOf(writer)).toMatchObject({ pending: 0, oldestPendingSeconds: 0, dead: 0 });
    await scene.append(writer, live);
    await eventually(async () => expect(await statusOf(writer)).toMatchObject({ pending: 1 }));
    scene.advance(A_MINUTE_MS);
    await scene.append(writer, live);
    await eventually(async () => expect(await statusOf(writer)).toMatchObject({ pending: 2 }));
    const waiting = await statusOf(writer);
    // The older of the two is what counts.
    expect(waiting?.oldestPendingSeconds).toBeGreaterThanOrEqual(60);
    expect(waiting).toMatchObject({ waiting: [0, 0, 0, 0, 0], dead: 0 });
    await scene.launch({ consumers: [failingOnce(new Error('away'))] });
    await eventually(async () =>
      expect(await statusOf(writer)).toMatchObject({ pending: 2, waiting: [2, 0, 0, 0, 0] }),
    );
  });

  it('counts what is dead apart from what waits', async () => {
    const { scene, live } = await open({ observer: NO_OBSERVER });
    const process = await scene.launch({ consumers: [failingOnce(new DomainError('forbidden', 'No.'))] });
    await scene.append(process, live);
    await drained(process);
    await eventually(async () =>
      expect(await statusOf(process)).toEqual({
        consumer: QUEUE,
        pending: 0,
        oldestPendingSeconds: 0,
        waiting: [0, 0, 0, 0, 0],
        dead: 1,
      }),
    );
  });
}
