import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { SubscriptionCreated, TicketUpdated } from '#contracts';
import type { EventEnvelope } from '#contracts';
import { UnitOfWork } from '#database';
import { currentRequestId, Outbox } from '#messaging';
import type { ConsumeContext } from '#messaging';
import { consumerOf, storingEffects } from '#testing';
import { eventually } from '../../../support/eventually';
import type { TransportHarness } from '../transport-harness';
import { drained, effectsOf, stages } from './stage';

const QUEUE = 'test.react-on-updates';

/** What a handler finds when it is called. */
export function describeHandling(harness: TransportHarness): void {
  const open = stages(harness);

  it('hands over the event as it was written, once, bound to its project', async () => {
    const { scene, live, test } = await open();
    const seen: Array<{ event: EventEnvelope; context: ConsumeContext }> = [];
    const handle = storingEffects(QUEUE, async (event, context) => void seen.push({ event, context }));
    const process = await scene.launch({ consumers: [consumerOf(QUEUE, [TicketUpdated], handle)] });
    await scene.db.sql('UPDATE project SET clock_offset_ms = 90000 WHERE id = $1', [test.projectId]);
    await scene.append(process, live);
    await drained(process);
    await scene.append(process, test);
    await drained(process);
    expect(seen.map(({ context }) => context.tx.scope)).toEqual([live, { ...test, clockOffsetMs: 90_000 }]);
    expect(seen.map(({ context }) => context.attempt)).toEqual([1, 1]);
    expect(seen[0]?.event).toMatchObject({
      specversion: '1.0',
      type: 'ticket.updated',
      projectid: live.projectId,
      sequence: 1,
      data: TicketUpdated.example,
    });
    expect((await scene.effects(QUEUE)).map((effect) => effect.project_id)).toEqual([live.projectId, test.projectId]);
  });

  it('lets a handler see and write the rows of its own project alone', async () => {
    const { scene, live, test, dead } = await open({ retryDelaysMs: [] });
    const process = await scene.launch({
      consumers: [
        consumerOf(QUEUE, [TicketUpdated], async (_event, { tx }) => {
          await tx.query({ text: 'UPDATE ticket_counter SET last_number = last_number + 1' });
          await tx.query({ text: 'INSERT INTO ticket_counter (project_id) VALUES ($1)', values: [test.projectId] });
        }),
      ],
    });
    await scene.append(process, live);
    await drained(process);
    expect(await dead.list({ limit: 10 })).toMatchObject([{ reason: expect.stringContaining('row-level security') }]);
    const counters = await scene.db.sql('SELECT last_number FROM ticket_counter WHERE last_number > 0');
    expect(counters).toEqual([]);
  });

  it('lets go of an event whose test side is emptied while it is in hand', async () => {
    const { scene, test, dead } = await open({ retryDelaysMs: [] });
    const process = await scene.launch({ consumers: [consumerOf(QUEUE, [TicketUpdated], storingEffects(QUEUE))] });
    const gate = new Client({ connectionString: scene.db.url });
    await gate.connect();
    try {
      // It is taken up, and comes no further than to the inbox.
      await gate.query('BEGIN; LOCK TABLE inbox IN EXCLUSIVE MODE');
      await scene.append(process, test);
      await eventually(async () => {
        const waiting = await scene.db.sql(
          `SELECT FROM pg_locks WHERE relation = 'inbox'::regclass AND NOT granted
             AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
        );
        expect(waiting).toHaveLength(1);
      });
      await process.app.get(UnitOfWork).read(test, { text: 'SELECT reset_test_side()' });
    } finally {
      await gate.end();
    }
    await drained(process);
    expect([await scene.effects(QUEUE), await dead.list({ limit: 10 })]).toEqual([[], []]);
    expect(await scene.db.sql('SELECT FROM event_delivery')).toEqual([]);
  });

  it('carries the id of the request on, into the logs and the events that follow', async () => {
    const { scene, live } = await open();
    const seen: Array<string | undefined> = [];
    const process = await scene.launch({
      consumers: [consumerOf(QUEUE, [TicketUpdated], async () => void seen.push(currentRequestId()))],
    });
    const aggregate = randomUUID();
    await scene.append(process, live, aggregate, { requestId: 'request-17' });
    await scene.append(process, live, aggregate);
    await drained(process);
    // An event without a request is the beginning of its own story.
    expect(seen).toEqual(['request-17', (await scene.eventIds(aggregate))[1]]);
    expect(currentRequestId()).toBeUndefined();
  });

  it('commits the events that a handler appends together with its effect', async () => {
    const { scene, live } = await open();
    const [follower, outboxes] = ['test.welcome-subscribers', [] as Outbox[]];
    const subscriber = randomUUID();
    const reaction = storingEffects(QUEUE, async (event, { tx, attempt }) => {
      const next = {
        definition: SubscriptionCreated,
        aggregateId: subscriber,
        sequence: 1,
        occurredAt: new Date(),
        requestId: currentRequestId(),
        data: SubscriptionCreated.example,
      };
      await outboxes[0]?.append(tx, [next]);
      if (attempt === 1) {
        throw new Error(`not yet: ${event.id}`);
      }
    });
    const process = await scene.launch({
      messaging: { retryDelaysMs: [0] },
      consumers: [
        consumerOf(QUEUE, [TicketUpdated], reaction),
        consumerOf(follower, [SubscriptionCreated], storingEffects(follower)),
      ],
    });
    outboxes.push(process.app.get(Outbox));
    await scene.append(process, live, undefined, { requestId: 'request-18' });
    await drained(process);
    expect(await effectsOf(scene, follower, 1)).toEqual(await scene.eventIds(subscriber));
    const [row] = await scene.db.sql('SELECT request_id FROM outbox WHERE aggregate_id = $1', [subscriber]);
    expect(row).toEqual({ request_id: 'request-18' });
  });

  it('has done with an event whose project is gone', async () => {
    const { scene, live } = await open();
    const process = await scene.launch({
      consumers: [consumerOf(QUEUE, [TicketUpdated], storingEffects(QUEUE))],
    });
    const goneId = randomUUID();
    await scene.append(process, { ...live, projectId: goneId, liveProjectId: goneId });
    await scene.append(process, live);
    await drained(process);
    expect((await scene.effects(QUEUE)).map((effect) => effect.project_id)).toEqual([live.projectId]);
  });

  it('passes over an event of a type that this process does not know', async () => {
    const { scene, live } = await open();
    const newer = await scene.launch({
      consumers: [consumerOf(QUEUE, [TicketUpdated, SubscriptionCreated], storingEffects(QUEUE))],
    });
    await newer.stop();
    const older = await scene.launch({
      consumers: [consumerOf(QUEUE, [TicketUpdated], storingEffects(QUEUE))],
    });
    const aggregate = randomUUID();
    await scene.append(older, live, aggregate, { definitions: [SubscriptionCreated, TicketUpdated] });
    await drained(older);
    expect(await effectsOf(scene, QUEUE, 1)).toEqual((await scene.eventIds(aggregate)).slice(1));
  });
}
