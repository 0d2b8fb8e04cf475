import { randomUUID } from 'node:crypto';
import { DomainError, TicketReplied, TicketUpdated } from '#contracts';
import type { Tx } from '#database';
import type { EventConsumer } from '#messaging';
import { consumerOf, storingEffects } from '#testing';
import { eventually } from '../../../support/eventually';
import type { TransportHarness } from '../transport-harness';
import { drained, effectsOf, stages } from './stage';
import type { Stage } from './stage';

const QUEUE = 'test.try-hard';
const MINUTE_MS = 60_000;

/** The product's own ladder: waits in front of the second to sixth attempt, in seconds. */
const LADDER_SECONDS = [5, 30, 120, 600, 3600];

/** A consumer that stores its effect and then fails for as long as `failure` answers something. */
function failing(failure: (...call: Parameters<EventConsumer['handle']>) => unknown) {
  const handle = storingEffects(QUEUE, async (event, context) => {
    const error = failure(event, context);
    if (error) {
      throw error;
    }
  });
  return consumerOf(QUEUE, [TicketUpdated, TicketReplied], handle);
}

/** Attempts that fail, and what becomes of their events. */
export function describeFailures(harness: TransportHarness): void {
  const open = stages(harness);

  it('takes a failed attempt back and climbs the ladder, in order of the aggregate, until the event is done', async () => {
    const stage = await open();
    const { scene, live } = stage;
    const attempts: number[] = [];
    const aggregate = randomUUID();
    const consumer = failing((event, { attempt }) => {
      if (event.subject !== aggregate || event.sequence > 1) {
        return undefined;
      }
      attempts.push(attempt);
      return attempt < 6 && new Error(`attempt ${attempt} fails`);
    });
    const process = await scene.launch({ consumers: [consumer] });
    await scene.append(process, live, aggregate);
    await scene.append(process, live, aggregate);
    await scene.append(process, live);
    const [first, second] = await scene.eventIds(aggregate);
    for (const [index, seconds] of LADDER_SECONDS.entries()) {
      const waiting = await waitingWith(stage, first!, index + 1);
      // The wait began a moment ago, so it is a little less than its rung.
      expect(waiting.dueInMs).toBeLessThanOrEqual(seconds * 1000);
      expect(waiting.dueInMs).toBeGreaterThan(seconds * 1000 - 5_000 - MINUTE_MS);
      // Of all effects only that of the other aggregate is there.
      expect((await effectsOf(scene, QUEUE, 1)).includes(first!)).toBe(false);
      await stage.endWaits();
    }
    const [, ...done] = await effectsOf(scene, QUEUE, 3);
    expect(done).toEqual([first, second]);
    expect(attempts).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('gives an event up after the last rung: dead, with the reason, and what came after it goes on', async () => {
    const stage = await open();
    const { scene, live, dead } = stage;
    const process = await scene.launch({
      consumers: [failing((event) => event.sequence === 1 && new Error('the service is away'))],
    });
    const aggregate = randomUUID();
    await scene.append(process, live, aggregate);
    await scene.append(process, live, aggregate);
    const [first, second] = await scene.eventIds(aggregate);
    for (let attempt = 1; attempt <= LADDER_SECONDS.length; attempt++) {
      await waitingWith(stage, first!, attempt);
      await stage.endWaits();
    }
    await drained(process);
    expect(await effectsOf(scene, QUEUE, 1)).toEqual([second]);
    expect(await dead.list({ limit: 10 })).toEqual([
      {
        consumer: QUEUE,
        eventId: first,
        type: 'ticket.updated',
        projectId: live.projectId,
        aggregateId: aggregate,
        attempts: 6,
        reason: 'Error: the service is away',
      },
    ]);
  });

  it.each([
    { refusal: 'a refusal of the domain', error: new DomainError('forbidden', 'Ask an owner.'), isFinal: true },
    { refusal: 'a refusal that time may mend', error: new DomainError('platform_busy', 'Come back.'), isFinal: false },
    { refusal: 'any other error', error: new TypeError('x is not a function'), isFinal: false },
  ])('takes $refusal as final: $isFinal', async ({ error, isFinal }) => {
    const stage = await open();
    const { scene, live, dead } = stage;
    const aggregate = randomUUID();
    const process = await scene.launch({ consumers: [failing(() => error)] });
    await scene.append(process, live, aggregate);
    const [id] = await scene.eventIds(aggregate);
    if (isFinal) {
      await drained(process);
      expect(await dead.show(QUEUE, id!)).toMatchObject({ attempts: 1, reason: 'forbidden: Ask an owner.' });
    } else {
      await waitingWith(stage, id!, 1);
      expect(await dead.list({ limit: 10 })).toEqual([]);
    }
    expect(await scene.effects(QUEUE)).toEqual([]);
  });

  it.each([
    ['is no JSON', '{"id":', 'no JSON'],
    ['is no event', '{"id":"x"}', 'lacks'],
    ['is of a version that this process does not know', null, 'newer than this process'],
  ])('puts an event aside that %s, with the reason', async (_case, body, reason) => {
    const { scene, live, dead } = await open();
    const process = await scene.launch({ consumers: [failing(() => undefined)] });
    const [id, aggregate] = [String(randomUUID()), randomUUID()];
    const newer = {
      id,
      type: 'ticket.updated',
      subject: aggregate,
      projectid: live.projectId,
      data: {},
      dataversion: 99,
    };
    await scene.db.sql(
      `INSERT INTO outbox (event_id, project_id, type, aggregate_id, aggregate_seq, body, created_at)
       VALUES ($1, $2, 'ticket.updated', $3, 1, $4, now())`,
      [id, live.projectId, aggregate, body ?? JSON.stringify(newer)],
    );
    await scene.append(process, live);
    await drained(process);
    const listed = await dead.list({ limit: 10 });
    expect(listed).toMatchObject([{ eventId: id, attempts: 1, reason: expect.stringContaining(reason) }]);
    // What cannot be read as an event is shown as it is.
    expect(await dead.show(QUEUE, id)).toMatchObject({ event: body === '{"id":' ? body : expect.any(Object) });
    expect(await scene.effects(QUEUE)).toHaveLength(1);
  });

  it('lets no poisoned event stop the queue', async () => {
    const { scene, live, dead } = await open({ retryDelaysMs: [] });
    const poisoned = new Set<string>(Array.from({ length: 20 }, () => randomUUID()));
    const process = await scene.launch({
      consumers: [failing((event) => poisoned.has(event.subject) && new Error('poison'))],
    });
    for (const aggregate of poisoned) {
      await scene.append(process, live, aggregate);
      await scene.append(process, live);
    }
    await drained(process);
    expect(await scene.effects(QUEUE)).toHaveLength(20);
    expect(await dead.list({ limit: 100 })).toHaveLength(20);
  });

  it('gives a handler up that takes too long, and tells it so', async () => {
    const { scene, live, dead } = await open({ retryDelaysMs: [], handlerTimeoutMs: 50 });
    const kept: Tx[] = [];
    const handle = storingEffects(QUEUE, async (_event, { tx, signal }) => {
      kept.push(tx);
      await new Promise<void>((resolve) => {
        signal.addEventListener('abort', () => resolve());
      });
    });
    const process = await scene.launch({ consumers: [consumerOf(QUEUE, [TicketUpdated], handle)] });
    await scene.append(process, live);
    await drained(process);
    expect(await dead.list({ limit: 10 })).toMatchObject([{ reason: expect.stringContaining('longer than 50 ms') }]);
    expect(await scene.effects(QUEUE)).toEqual([]);
    // Whatever it may still want to write: the connection serves someone else by now.
    await expect(kept[0]?.query({ text: 'SELECT 1' })).rejects.toThrow('over');
  });

  describe('the dead list', () => {
    it('shows an event whole, and lists by consumer, oldest first, at most as many as asked', async () => {
      const { scene, live, dead } = await open();
      const other = 'test.try-as-well';
      const process = await scene.launch({
        consumers: [
          failing(() => new DomainError('forbidden', 'No.')),
          consumerOf(other, [TicketReplied], () => Promise.reject(new DomainError('conflict', 'No.'))),
        ],
      });
      const aggregate = randomUUID();
      await scene.append(process, live, aggregate, { definitions: [TicketUpdated, TicketReplied] });
      await drained(process);
      const [updated, replied] = await scene.eventIds(aggregate);
      const listed = async (request: Parameters<typeof dead.list>[0]) =>
        (await dead.list(request)).map(({ consumer, eventId }) => [consumer, eventId]);
      expect(await listed({ consumer: QUEUE, limit: 10 })).toEqual([
        [QUEUE, updated],
        [QUEUE, replied],
      ]);
      expect(await listed({ consumer: QUEUE, limit: 1 })).toEqual([[QUEUE, updated]]);
      expect(await listed({ limit: 10 })).toHaveLength(3);
      expect(await dead.show(other, replied!)).toMatchObject({
        reason: 'conflict: No.',
        event: { id: replied, data: TicketReplied.example },
      });
      expect(await dead.show(other, updated!)).toBeNull();
    });

    it('gives an event back to its consumer alone, with all attempts before it', async () => {
      const stage = await open();
      const { scene, live, dead } = stage;
      const [attempts, state] = [[] as number[], { isRepaired: false }];
      const bystander = 'test.stand-by';
      const consumer = failing((_event, { attempt }) => {
        attempts.push(attempt);
        if (attempts.length === 1) {
          return new DomainError('forbidden', 'No.');
        }
        return !state.isRepaired && new Error('not yet');
      });
      const process = await scene.launch({
        consumers: [consumer, consumerOf(bystander, [TicketUpdated], storingEffects(bystander))],
      });
      const aggregate = randomUUID();
      await scene.append(process, live, aggregate);
      const [id] = await scene.eventIds(aggregate);
      await drained(process);
      expect(await dead.redrive(QUEUE, id!)).toBe(true);
      await waitingWith(stage, id!, 1);
      state.isRepaired = true;
      await stage.endWaits();
      expect(await effectsOf(scene, QUEUE, 1)).toEqual([id]);
      expect(attempts).toEqual([1, 1, 2]);
      expect(await effectsOf(scene, bystander, 1)).toEqual([id]);
      expect(await dead.redrive(QUEUE, id!)).toBe(false);
    });

    it('lets go of an event for good', async () => {
      const { scene, live, dead } = await open();
      const process = await scene.launch({ consumers: [failing(() => new DomainError('forbidden', 'No.'))] });
      const aggregate = randomUUID();
      await scene.append(process, live, aggregate);
      const [id] = await scene.eventIds(aggregate);
      await drained(process);
      expect(await dead.discard(QUEUE, id!)).toBe(true);
      expect(await dead.list({ limit: 10 })).toEqual([]);
      expect([await dead.discard(QUEUE, id!), await dead.redrive(QUEUE, id!)]).toEqual([false, false]);
      for (const unknown of [randomUUID(), 'no-such-event']) {
        expect(await dead.show(QUEUE, unknown)).toBeNull();
        expect([await dead.discard(QUEUE, unknown), await dead.redrive(QUEUE, unknown)]).toEqual([false, false]);
      }
    });
  });
}

/** Waits until the event has failed as often and waits for the next attempt. */
async function waitingWith(stage: Stage, eventId: string, attempts: number) {
  return eventually(async () => {
    const waiting = await stage.waiting(QUEUE, eventId);
    expect(waiting).toMatchObject({ attempts });
    return waiting!;
  });
}
